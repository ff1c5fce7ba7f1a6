import { createRandom } from '@chaos/stats';
import { check, checkLinearizability } from '../dist/index.js';
import { simulate } from './simulate.mjs';

const OPERATIONS = 1_000_000;
const HISTORIES = 200;
const CAS_OPERATIONS = 170;

function register() {
  let value = null;
  let next = 0;
  return {
    apply: (operation) => (operation.f === 'write' ? { value: (value = operation.value) } : { value }),
    call: (random) => (random.next() < 0.5 ? { f: 'read', value: null } : { f: 'write', value: ++next }),
  };
}

function casRegister() {
  let value = null;
  return {
    apply(operation) {
      if (operation.f === 'read') return { value };
      if (operation.f === 'write') return { value: (value = operation.value) };
      if (operation.value[0] !== value) return 'fail';
      [, value] = operation.value;
      return { value: operation.value };
    },
    call(random) {
      const dice = random.next();
      if (dice < 1 / 3) return { f: 'read', value: null };
      return dice < 2 / 3
        ? { f: 'write', value: random.integer(0, 4) }
        : { f: 'cas', value: [random.integer(0, 4), random.integer(0, 4)] };
    },
  };
}

function queue() {
  const elements = [];
  let first = 0;
  let next = 0;
  return {
    apply: (operation) =>
      operation.f === 'enqueue'
        ? { value: (elements[elements.length] = operation.value) }
        : { value: elements[first] === undefined ? null : elements[first++] },
    call: (random) => (random.next() < 0.5 ? { f: 'dequeue', value: null } : { f: 'enqueue', value: ++next }),
  };
}

// Writes of 7 and then of 8, and a read of 7 after that: nobody else writes 7. To know that it is wrong every order has
// to be ruled out.
function addStaleRead(operations, position) {
  [
    ['write', 7],
    ['write', 8],
    ['read', 7],
  ].forEach(([f, value], index) => {
    const invoked = position + 0.1 + index / 5;
    operations.push({
      process: 900,
      f,
      type: 'ok',
      value,
      invoked,
      completed: invoked + 0.1,
      invokedNs: invoked * 1000,
      completedNs: invoked * 1000 + 100,
    });
  });
  operations.sort((a, b) => a.invoked - b.invoked);
}

const casHistories = (broken) =>
  Array.from({ length: HISTORIES }, (_, index) => {
    const history = simulate({
      ...casRegister(),
      clients: 10,
      operations: CAS_OPERATIONS,
      infoRatio: 0.1,
      seed: `cas-${index}`,
    });
    if (broken) addStaleRead(history.operations, createRandom(`broken-${index}`).integer(100, 250));
    return history;
  });

function judgeAll(histories, expected) {
  const timesMs = [];
  let unknown = 0;
  let wrong = 0;
  for (const history of histories) {
    const start = performance.now();
    const { valid } = checkLinearizability(history, { model: 'cas-register' });
    timesMs.push(performance.now() - start);
    if (valid === 'unknown') unknown++;
    else if (valid !== expected) wrong++;
  }
  timesMs.sort((a, b) => a - b);
  return { medianMs: timesMs[HISTORIES / 2], worstMs: timesMs.at(-1), unknown, wrong };
}

const CAS_BARS = [
  { figure: 'medianMs', max: 100 },
  { figure: 'worstMs', max: 2000 },
  { figure: 'unknown', max: HISTORIES * 0.02 },
  { figure: 'wrong', max: 0 },
];
const expectValid = ({ valid, reason }) => {
  if (valid !== true) throw new Error(`The verdict is ${valid}: ${reason}`);
};

/** Linearizability. */
export const LINEARIZABILITY_ROWS = [
  {
    name: `register, ${OPERATIONS.toLocaleString('en')} operations with unique writes`,
    prepare: () =>
      simulate({ ...register(), clients: 50, operations: OPERATIONS, infoRatio: 0.0001, seed: 'register' }),
    run: (history) => expectValid(check(history, { model: 'linearizable-register' })),
    bars: [{ figure: 'wallMs', max: 2000 }],
  },
  {
    name: `queue, ${OPERATIONS.toLocaleString('en')} operations with unique elements`,
    prepare: () => simulate({ ...queue(), clients: 50, operations: OPERATIONS, seed: 'queue' }),
    run: (history) => expectValid(check(history, { model: 'linearizable-queue' })),
    bars: [],
  },
  {
    name: `cas-register, ${HISTORIES} histories of ${CAS_OPERATIONS} operations, 10 clients, 10 % crashed`,
    prepare: () => casHistories(false),
    run: (histories) => judgeAll(histories, true),
    bars: CAS_BARS,
  },
  {
    name: `cas-register, the same with one stale read`,
    prepare: () => casHistories(true),
    run: (histories) => judgeAll(histories, false),
    bars: CAS_BARS,
  },
];
