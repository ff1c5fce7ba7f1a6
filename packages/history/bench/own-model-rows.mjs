import { createRandom } from '@chaos/stats';
import { checkLinearizability } from '../dist/index.js';
import { plainSearch } from './plain-search.mjs';
import { simulate } from './simulate.mjs';

const HISTORIES = 40;
const MOST_STEPS = 200_000;

// As a user writes it: no key, no isRead.
const STACK = {
  name: 'stack',
  init: () => [],
  step: (state, { f, value, type }) => {
    if (f === 'push') return [...state, value];
    return type === 'info' || (state.at(-1) ?? null) === value ? state.slice(0, -1) : undefined;
  },
};
const MAP = {
  name: 'map',
  init: () => ({}),
  step: (state, { f, value: [key, value], type }) => {
    if (f === 'put') return { ...state, [key]: value };
    return type === 'info' || (state[key] ?? null) === value ? state : undefined;
  },
};

function stack() {
  const elements = [];
  return {
    apply: ({ f, value }) => (f === 'pop' ? { value: elements.pop() ?? null } : (elements.push(value), { value })),
    call: (random) => (random.next() < 0.5 ? { f: 'pop', value: null } : { f: 'push', value: random.integer(1, 3) }),
  };
}

function map() {
  const values = new Map();
  return {
    apply({ f, value: [key, value] }) {
      if (f === 'put') values.set(key, value);
      return { value: [key, values.get(key) ?? null] };
    },
    call: (random) => ({
      f: random.next() < 0.5 ? 'get' : 'put',
      value: [random.pick(['x', 'y', 'z']), random.integer(1, 4)],
    }),
  };
}

// The answer of one operation in every other history is that of another one.
function histories(create) {
  return Array.from({ length: HISTORIES }, (_, index) => {
    const random = createRandom('own', `${index}`);
    const history = simulate({ ...create(), clients: 10, operations: 170, infoRatio: 0.05, seed: `own-${index}` });
    if (index % 2 === 1) {
      const answers = history.operations.filter(({ f, type }) => type === 'ok' && (f === 'pop' || f === 'get'));
      const [one, other] = [random.pick(answers), random.pick(answers)];
      [one.value, other.value] = [other.value, one.value];
    }
    return history;
  });
}

function cpuMs(run) {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

function compare(model, all) {
  const found = { oursCpuMs: 0, plainCpuMs: 0, undecided: 0, plainUndecided: 0, disagreements: 0 };
  let steps = 0;
  for (const { operations, faults } of all) {
    const options = { model, maxSteps: MOST_STEPS, independent: false };
    const [{ valid, coverage }, oursMs] = cpuMs(() => checkLinearizability({ operations, faults }, options));
    const [plain, plainMs] = cpuMs(() => plainSearch(model, operations, MOST_STEPS));
    found.oursCpuMs += oursMs;
    found.plainCpuMs += plainMs;
    steps += coverage.steps;
    if (valid === 'unknown') found.undecided++;
    if (plain.valid === undefined) found.plainUndecided++;
    else if (valid !== 'unknown' && valid !== plain.valid) found.disagreements++;
  }
  return {
    ...found,
    plainAgainstOurs: found.plainCpuMs / found.oursCpuMs,
    undecidedAgainstPlain: found.undecided - found.plainUndecided,
    stepsPerCpuSecond: steps / (found.oursCpuMs / 1000),
  };
}

// Both are compiled before they are compared.
function warmUp(model, all) {
  compare(model, all.slice(0, 6));
  return all;
}

const BARS = [
  { figure: 'plainAgainstOurs', min: 1 },
  { figure: 'undecidedAgainstPlain', max: 0 },
  { figure: 'disagreements', max: 0 },
];

/**
 * Models of a user, against a plain search in the same process. Steps are those of the verdict; the time has those that
 * look for the first anomaly, too.
 */
export const OWN_MODEL_ROWS = [
  {
    name: `a stack of one's own, ${HISTORIES} histories of 170 operations, ours and a plain search`,
    prepare: () => warmUp(STACK, histories(stack)),
    run: (all) => compare(STACK, all),
    bars: [...BARS, { figure: 'stepsPerCpuSecond', min: 1_000_000 }],
  },
  {
    name: `a map of one's own, ${HISTORIES} histories of 170 operations, ours and a plain search`,
    prepare: () => warmUp(MAP, histories(map)),
    run: (all) => compare(MAP, all),
    bars: BARS,
  },
];
