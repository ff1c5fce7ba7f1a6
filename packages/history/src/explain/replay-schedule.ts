import type { Operation } from '../operation.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';

/** Levels of PostgreSQL that a script can ask for. */
export type PostgresLevel = 'READ COMMITTED' | 'REPEATABLE READ';

/** One moment of a replay: a transaction begins, does its step of this number, or commits. */
export interface Moment {
  readonly transaction: number;
  readonly what: 'begin' | 'commit' | number;
}

interface Written {
  readonly transaction: number;
  readonly value: unknown;
}

/**
 * An order of the steps of these transactions in which PostgreSQL at this level would give the answers that were
 * recorded; `undefined` where there is none. A statement (READ COMMITTED) or a whole transaction from its first
 * statement on (REPEATABLE READ) sees what was committed before it; a write follows the commit of the writes before it.
 */
export function scheduleReplay(operations: readonly Operation[], level: PostgresLevel): Moment[] | undefined {
  const steps = operations.map(({ value }) => value as readonly MicroOperation[]);
  const moments = steps.flatMap((list, transaction): Moment[] => [
    { transaction, what: 'begin' },
    ...list.map((_, what) => ({ transaction, what })),
    { transaction, what: 'commit' },
  ]);
  const at = new Map(moments.map((moment, place) => [nameOf(moment.transaction, moment.what), place]));
  const before = moments.map(() => new Set<number>());
  for (const [place, { what }] of moments.entries()) if (what !== 'begin') before[place]!.add(place - 1);
  const statements = steps.flatMap((list, transaction) =>
    list.map(([f, key, value], step) => ({ transaction, f, key, value, start: level === 'READ COMMITTED' ? step : 0 })),
  );
  const writes = statements.filter(({ f, transaction }) => isWrite(f) && operations[transaction]!.type !== 'fail');
  for (const { transaction, f, key, value, start } of statements) {
    for (const other of writes.filter((one) => one.key === key && one.transaction !== transaction)) {
      if (isWrite(f) ? isFirst(other, { transaction, value }, key) : isSeen(value, other.value))
        order(other.transaction, 'commit', transaction, start);
      else if (!isWrite(f) && isUnseen(value, steps[other.transaction]!, key))
        order(transaction, start, other.transaction, 'commit');
    }
  }
  return sorted(moments, before);

  // If no read tells which write came first, take the one listed first: neither may wait for the other.
  function isFirst(one: Written, other: Written, key: unknown): boolean {
    return (
      isEarlier(operations, key, one.value, other.value) ||
      (one.transaction < other.transaction && !isEarlier(operations, key, other.value, one.value))
    );
  }

  function order(first: number, what: Moment['what'], second: number, then: Moment['what']): void {
    before[at.get(nameOf(second, then))!]!.add(at.get(nameOf(first, what))!);
  }
}

function nameOf(transaction: number, what: Moment['what']): string {
  return `${transaction} ${what}`;
}

function isWrite(name: string): boolean {
  return !name.endsWith('r');
}

function isSeen(result: unknown, written: unknown): boolean {
  return Array.isArray(result) ? result.includes(written) : result === written;
}

// A list without their element is from before it; a register is if it was empty, or if they replaced what it held.
function isUnseen(result: unknown, theirs: readonly MicroOperation[], key: unknown): boolean {
  if (Array.isArray(result) || result === null || result === undefined) return true;
  return theirs.some(([name, other, value]) => !isWrite(name) && other === key && value === result);
}

// Known from a list that shows both in this order, or only the first; from a register that the second's writer read
// before.
function isEarlier(operations: readonly Operation[], key: unknown, first: unknown, second: unknown): boolean {
  return operations.some(({ value, type }) => {
    if (type !== 'ok') return false;
    const steps = value as readonly MicroOperation[];
    return steps.some(([name, other, result], place) => {
      if (isWrite(name) || other !== key) return false;
      if (!Array.isArray(result))
        return (
          result === first &&
          steps.slice(place).some(([f, written, replaced]) => isWrite(f) && written === key && replaced === second)
        );
      return result.includes(first) && (!result.includes(second) || result.indexOf(first) < result.indexOf(second));
    });
  });
}

// The earliest moment that waits for nothing, and of those the one that was listed first; begins as late as possible.
function sorted(moments: readonly Moment[], before: readonly ReadonlySet<number>[]): Moment[] | undefined {
  const done = new Set<number>();
  const result: Moment[] = [];
  while (result.length < moments.length) {
    const ready = moments.filter(
      (_, place) => !done.has(place) && [...before[place]!].every((earlier) => done.has(earlier)),
    );
    const next = ready.find(({ what }) => what !== 'begin') ?? ready[0];
    if (next === undefined) return undefined;
    done.add(moments.indexOf(next));
    result.push(next);
  }
  return result;
}
