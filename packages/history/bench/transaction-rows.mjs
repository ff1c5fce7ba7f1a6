import { createRandom } from '@chaos/stats';
import { checkTransactions, createTransactionChecker } from '../dist/index.js';

const CLIENTS = 20;
const KEYS = 10;
const APPENDS_PER_KEY = 128;

// Transactions that each happen at one moment between their invocation and completion: strictly serializable. Some keys
// are very hot.
function simulate(transactions, kind) {
  const random = createRandom('bench', kind, `${transactions}`);
  const operations = [];
  const running = [];
  const free = Array.from({ length: CLIENTS }, (_, client) => client);
  const state = new Map();
  const active = Array.from({ length: KEYS }, (_, key) => ({ key, writes: 0 }));
  let [position, begun, nextKey] = [0, 0, KEYS];
  const steps = () =>
    Array.from({ length: random.integer(1, 4) }, () => {
      const at = Math.min(KEYS - 1, Math.floor(-Math.log2(1 - random.next())));
      if (random.next() < 0.5) return [['r', active[at].key, null]];
      const { key } = active[at];
      const write = [kind, key, ++active[at].writes];
      if (active[at].writes >= APPENDS_PER_KEY) active[at] = { key: nextKey++, writes: 0 };
      return kind === 'w' ? [['r', key, null], write] : [write];
    }).flat();
  const run = ([f, key, value]) => {
    if (f === 'r') return [f, key, kind === 'append' ? [...(state.get(key) ?? [])] : (state.get(key) ?? null)];
    if (f === 'w') state.set(key, value);
    else if (state.has(key)) state.get(key).push(value);
    else state.set(key, [value]);
    return [f, key, value];
  };
  while (begun < transactions || running.length > 0) {
    if (begun < transactions && free.length > 0) {
      begun++;
      running.push({
        process: free.splice(random.integer(0, free.length - 1), 1)[0],
        steps: steps(),
        invoked: position++,
      });
      continue;
    }
    const { process, steps: list, invoked } = running.splice(random.integer(0, running.length - 1), 1)[0];
    const completed = position++;
    operations.push({
      process,
      f: 'txn',
      type: 'ok',
      value: list.map(run),
      invoked,
      completed,
      invokedNs: invoked * 1000,
      completedNs: completed * 1000,
    });
    free.push(process);
  }
  return { operations: operations.sort((a, b) => a.invoked - b.invoked), faults: [] };
}

function mustHold(history) {
  const { valid } = checkTransactions(history, { model: 'strict-serializable' });
  if (valid !== true) throw new Error(`The verdict is ${valid} on a history that is right`);
}

function cpuMsOf(history) {
  const before = process.cpuUsage();
  mustHold(history);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

// Write skew around a ring, with chords: every transaction misses the append of the next one and of some that come
// later.
function knot(transactions) {
  const random = createRandom('knot');
  const operations = Array.from({ length: transactions }, (_, at) => {
    const missed = [
      (at + 1) % transactions,
      ...(random.next() < 0.5 ? [random.integer(at, transactions - 1)] : []),
    ].filter((other) => other !== at);
    const value = [...missed.map((other) => ['r', other, []]), ['append', at, 1]];
    return {
      process: at,
      f: 'txn',
      type: 'ok',
      value,
      invoked: at,
      completed: transactions + at,
      invokedNs: at * 1000,
      completedNs: (transactions + at) * 1000,
    };
  });
  // Reads of all appends, a hundred at a time, so that they count as seen.
  for (let at = 0; at < transactions; at += 100) {
    const invoked = 2 * transactions + 2 * at;
    const value = Array.from({ length: Math.min(100, transactions - at) }, (_, place) => ['r', at + place, [1]]);
    operations.push({
      process: transactions,
      f: 'txn',
      type: 'ok',
      value,
      invoked,
      completed: invoked + 1,
      invokedNs: invoked * 1000,
      completedNs: (invoked + 1) * 1000,
    });
  }
  return { operations, faults: [] };
}

const perSecond =
  (transactions) =>
  ({ cpuMs }) => ({ transactionsPerCpuSecond: transactions / (cpuMs / 1000) });

/** Isolation levels. */
export const TRANSACTION_ROWS = [
  {
    name: 'list-append, 200,000 transactions, all models',
    prepare: () => simulate(200_000, 'append'),
    run: mustHold,
    derive: perSecond(200_000),
    bars: [
      { figure: 'wallMs', max: 4000 },
      { figure: 'peakMb', max: 800 },
      { figure: 'transactionsPerCpuSecond', min: 50_000 },
    ],
  },
  {
    name: 'list-append, 1,000,000 transactions, all models',
    prepare: () => {
      const fewer = cpuMsOf(simulate(200_000, 'append'));
      return { fewer, history: simulate(1_000_000, 'append') };
    },
    // Linear: five times as many take at most a quarter more CPU time each.
    run: ({ fewer, history }) => ({ cpuEachAgainst200k: cpuMsOf(history) / 5 / fewer }),
    derive: perSecond(1_000_000),
    bars: [
      { figure: 'transactionsPerCpuSecond', min: 50_000 },
      { figure: 'cpuEachAgainst200k', max: 1.25 },
    ],
  },
  {
    name: 'read-modify-write registers, 200,000 transactions, all models',
    prepare: () => simulate(200_000, 'w'),
    run: mustHold,
    derive: perSecond(200_000),
    bars: [{ figure: 'transactionsPerCpuSecond', min: 50_000 }],
  },
  {
    name: 'list-append, 200,000 transactions as they come, strict serializable',
    prepare: () => simulate(200_000, 'append').operations.sort((a, b) => a.completed - b.completed),
    run: (operations) => {
      const checker = createTransactionChecker({ model: 'strict-serializable' });
      if (operations.some((operation) => checker.add(operation) !== undefined) || checker.verdict().valid !== true)
        throw new Error('The verdict is wrong on a history that is right');
    },
    derive: perSecond(200_000),
    bars: [{ figure: 'transactionsPerCpuSecond', min: 50_000 }],
  },
  {
    name: 'a strongly connected component of 10,000 transactions, with its shortest cycle',
    prepare: () => knot(10_000),
    run: (history) => {
      const { anomalies, levels } = checkTransactions(history);
      if (
        levels.serializable ||
        !levels['snapshot-isolation'] ||
        anomalies[0].type !== 'G2-item' ||
        anomalies[0].message.includes('cut off')
      )
        throw new Error('The cycle was not found');
      return { cycleLength: anomalies[0].operations.length };
    },
    bars: [{ figure: 'wallMs', max: 1000 }],
  },
];
