import type { Random } from '@chaos/stats';
import type { History } from '../history.js';
import type { Operation, OperationType } from '../operation.js';

interface StoreOptions {
  readonly random: Random;
  readonly transactions: number;
  /** Clients at once; one whose outcome is unknown goes on under a new process. */
  readonly clients: number;
  readonly isolation: 'serializable' | 'snapshot';
  readonly keys: number;
  readonly kind: 'append' | 'w';
  /** Shares of 1 that fail, and that nobody hears of again. */
  readonly failRatio?: number;
  readonly infoRatio?: number;
  /** Registers: read every key before it is written. */
  readonly readFirst?: boolean;
}

interface Running {
  readonly process: number;
  readonly steps: [string, string, unknown][];
  readonly invoked: number;
  readonly end: OperationType;
  snapshot?: { readonly state: Map<string, unknown>; readonly commits: number };
}

/**
 * A right store, simulated: what runs at once starts and commits in any order, and every answer is one that the level
 * allows. What ends `info` may take effect long afterwards, or never. Serializable: all of a transaction happens at its
 * commit; snapshot: it reads the state of its start, and the second of two concurrent writers of a key fails.
 */
export function simulateStore({
  random,
  transactions,
  clients,
  isolation,
  keys,
  kind,
  failRatio = 0.05,
  infoRatio = 0.05,
  readFirst = false,
}: StoreOptions): History {
  const operations: Operation[] = [];
  const running: Running[] = [];
  const late: Running[] = [];
  let state = new Map<string, unknown>();
  const commits: Set<string>[] = [];
  const free = Array.from({ length: clients }, (_, client) => client);
  let [position, begun, nextProcess, nextValue] = [0, 0, clients, 0];
  while (begun < transactions || running.length > 0) {
    const choice = random.next();
    if (late.length > 0 && choice < 0.05) commit(take(late));
    else if (begun < transactions && free.length > 0 && choice < 0.5) begin();
    else if (running.length > 0) advance();
  }
  return { operations: operations.toSorted((a, b) => a.invoked - b.invoked), faults: [] };

  function take<T>(from: T[]): T {
    return from.splice(random.integer(0, from.length - 1), 1)[0]!;
  }

  function begin(): void {
    begun++;
    const outcome = random.next();
    const end = outcome < failRatio ? 'fail' : outcome < failRatio + infoRatio ? 'info' : 'ok';
    const steps: Running['steps'] = [];
    for (let count = random.integer(1, 4); count > 0; count--) {
      const key = `k${Math.min(keys - 1, Math.floor(random.exponential(keys / 3)))}`;
      const writes = random.next() < 0.5;
      if (!writes || (readFirst && !steps.some(([, other]) => other === key))) steps.push(['r', key, null]);
      if (writes) steps.push([kind, key, ++nextValue]);
    }
    running.push({ process: take(free), steps, invoked: position++, end });
  }

  function advance(): void {
    const at = random.integer(0, running.length - 1);
    const transaction = running[at]!;
    if (transaction.snapshot === undefined && isolation === 'snapshot') {
      transaction.snapshot = { state, commits: commits.length };
      return;
    }
    running.splice(at, 1);
    if (transaction.end === 'info') {
      complete(transaction, 'info', transaction.steps);
      if (random.next() < 0.7) late.push(transaction);
      return;
    }
    const done = transaction.end === 'ok' ? commit(transaction) : undefined;
    complete(transaction, done ? 'ok' : 'fail', done ?? transaction.steps);
  }

  function complete({ process, invoked }: Running, type: OperationType, value: unknown): void {
    const completed = type === 'info' ? Infinity : position++;
    free.push(type === 'info' ? nextProcess++ : process);
    operations.push({
      process,
      f: 'txn',
      type,
      value,
      invoked,
      completed,
      invokedNs: invoked * 1000,
      completedNs: completed * 1000,
    });
  }

  function commit({ steps, snapshot }: Running): [string, string, unknown][] | undefined {
    const own = new Map(snapshot?.state ?? state);
    const written = new Set<string>();
    const value = steps.map(([f, key, given]): [string, string, unknown] => {
      if (f === 'r') return [f, key, own.get(key) ?? null];
      own.set(key, f === 'append' ? [...((own.get(key) as unknown[]) ?? []), given] : given);
      written.add(key);
      return [f, key, given];
    });
    if (snapshot && commits.slice(snapshot.commits).some((others) => [...written].some((key) => others.has(key))))
      return undefined;
    state = new Map(state);
    for (const key of written) state.set(key, own.get(key));
    commits.push(written);
    return value;
  }
}
