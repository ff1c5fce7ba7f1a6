import type { Operation } from '../operation.js';

type Step = readonly [f: string, key: string, value: unknown];

/** The contents of a store: of each key a list or a register's value. */
type State = ReadonlyMap<string, unknown>;

/**
 * The state after one transaction; `undefined` if its reads are not what the state holds. Info and fail reads say
 * nothing.
 */
function run(operation: Operation, state: State): State | undefined {
  const next = new Map(state);
  for (const [f, key, value] of operation.value as readonly Step[]) {
    if (f === 'append') next.set(key, [...((next.get(key) as unknown[]) ?? []), value]);
    else if (f === 'w') next.set(key, value);
    else if (operation.type === 'ok' && JSON.stringify(value ?? []) !== JSON.stringify(next.get(key) ?? []))
      return undefined;
  }
  return next;
}

/** The order of transactions that counts besides what they read: none, that of each process, that of real time. */
export type Order = 'plain' | 'session' | 'realtime';

function comesBefore(order: Order, one: Operation, other: Operation): boolean {
  if (order === 'plain' || one.type !== 'ok' || one.completed >= other.invoked) return false;
  return order === 'realtime' || one.process === other.process;
}

/**
 * Tries every serial order of what happened, and of some of what may have happened: true if one keeps the order and
 * explains every read.
 */
export function isSerializable(operations: readonly Operation[], order: Order): boolean {
  const happened = operations.filter(({ type }) => type !== 'fail');
  return extend(happened, new Map());

  function extend(left: readonly Operation[], state: State): boolean {
    if (left.every(({ type }) => type === 'info')) return true;
    return left.some((operation) => {
      if (left.some((other) => comesBefore(order, other, operation))) return false;
      const next = run(operation, state);
      return (
        next !== undefined &&
        extend(
          left.filter((other) => other !== operation),
          next,
        )
      );
    });
  }
}

interface Snapshot {
  readonly operation: Operation;
  readonly state: State;
  readonly commits: number;
}

/**
 * Tries every order of starts and commits: true if one explains every read under snapshot isolation. A transaction
 * reads the state of its start and its own writes, and of two concurrent writers of a key only one commits. With an
 * order a start sees all that was complete before, in its process or anywhere.
 */
export function isSnapshotIsolated(operations: readonly Operation[], order: Order): boolean {
  const happened = operations.filter(({ type }) => type !== 'fail');
  return extend(happened, [], { state: new Map(), log: [] });

  function extend(
    unstarted: readonly Operation[],
    running: readonly Snapshot[],
    { state, log }: { state: State; log: readonly ReadonlySet<string>[] },
  ): boolean {
    if (unstarted.every(({ type }) => type === 'info') && running.length === 0) return true;
    const canStart = unstarted.some((operation) => {
      const pending = [...unstarted, ...running.map((snapshot) => snapshot.operation)];
      if (pending.some((other) => comesBefore(order, other, operation))) return false;
      if (run(operation, state) === undefined) return false;
      return extend(
        unstarted.filter((other) => other !== operation),
        [...running, { operation, state, commits: log.length }],
        { state, log },
      );
    });
    if (canStart) return true;
    return running.some((snapshot) => {
      const writes = new Set(
        (snapshot.operation.value as readonly Step[]).filter(([f]) => f !== 'r').map(([, key]) => key),
      );
      if (log.slice(snapshot.commits).some((others) => [...writes].some((key) => others.has(key)))) return false;
      const own = run(snapshot.operation, snapshot.state)!;
      const next = new Map(state);
      for (const key of writes) next.set(key, own.get(key));
      return extend(
        unstarted,
        running.filter((other) => other !== snapshot),
        { state: next, log: [...log, writes] },
      );
    });
  }
}

/** Sorts by invocation and lets a process go on with the next transaction wherever its last one has ended. */
export function withSessions(operations: readonly Operation[]): Operation[] {
  const free: { readonly process: number; readonly from: number }[] = [];
  return operations
    .toSorted((a, b) => a.invoked - b.invoked)
    .map((operation, index) => {
      const at = free.findLastIndex(({ from }) => from < operation.invoked);
      const process = at === -1 ? index : free.splice(at, 1)[0]!.process;
      // Nobody hears of a process again after an unknown outcome.
      if (operation.type !== 'info') free.push({ process, from: operation.completed });
      return { ...operation, process };
    });
}

/** Each level that the brute force decides, with its verdict. */
export function decideLevels(operations: readonly Operation[]): Readonly<Record<string, boolean>> {
  return {
    serializable: isSerializable(operations, 'plain'),
    'strong-session-serializable': isSerializable(operations, 'session'),
    'strict-serializable': isSerializable(operations, 'realtime'),
    ...decideSnapshotLevels(operations),
  };
}

/** The same of the snapshot levels alone. */
export function decideSnapshotLevels(operations: readonly Operation[]): Readonly<Record<string, boolean>> {
  return {
    'snapshot-isolation': isSnapshotIsolated(operations, 'plain'),
    'strong-session-snapshot-isolation': isSnapshotIsolated(operations, 'session'),
    'strong-snapshot-isolation': isSnapshotIsolated(operations, 'realtime'),
  };
}
