import type { Operation } from '../operation.js';

type Step = readonly [f: string, key: string, value: unknown];

/** What a store holds: of each key a list or a register's value. */
type State = ReadonlyMap<string, unknown>;

/**
 * Runs one transaction on a state; `undefined` where its reads are not what the state holds. Info and fail reads say
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

/**
 * Whether some serial order of what happened, and of some of what may have happened, explains every read. By trying
 * them all.
 */
export function isSerializable(operations: readonly Operation[], { strict }: { strict: boolean }): boolean {
  const happened = operations.filter(({ type }) => type !== 'fail');
  return extend(happened, new Map());

  function extend(left: readonly Operation[], state: State): boolean {
    if (left.every(({ type }) => type === 'info')) return true;
    return left.some((operation) => {
      if (strict && left.some((other) => other.completed < operation.invoked && other.type === 'ok')) return false;
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
 * Whether some order of starts and commits explains every read under snapshot isolation: a transaction reads the state
 * of its start and its own writes, and of two concurrent writers of a key only one commits. `strong`: a start sees all
 * that was complete.
 */
export function isSnapshotIsolated(operations: readonly Operation[], { strong }: { strong: boolean }): boolean {
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
      if (strong && pending.some((other) => other.type === 'ok' && other.completed < operation.invoked)) return false;
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
