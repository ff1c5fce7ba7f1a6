import type { TransactionAnomaly } from './anomaly-type.js';
import type { IsolationLevel } from './isolation-level.js';

/**
 * An anomaly before it is put into words for people: transactions are numbers of the log, and T1, T2… of the message in
 * this order.
 */
export interface Finding {
  readonly type: TransactionAnomaly;
  readonly transactions: readonly number[];
  readonly message: string;
  /** Set if a level weaker than its type forbids this one. */
  readonly forbiddenBy?: IsolationLevel;
}

/** Collects findings, so many of a type; what is beyond that is not even made. */
export interface Findings {
  readonly all: readonly Finding[];
  add(type: TransactionAnomaly, make: () => Omit<Finding, 'type'>): void;
}

/**
 * An empty collection that keeps the first `limit` of every type. While transactions run that are not in the history,
 * what nobody wrote may be theirs.
 */
export function createFindings(limit: number, isRunning = false): Findings {
  const all: Finding[] = [];
  const counts = new Map<TransactionAnomaly, number>();
  return {
    all,
    add(type, make) {
      const count = counts.get(type) ?? 0;
      if (count >= limit || (isRunning && type === 'garbage-read')) return;
      counts.set(type, count + 1);
      all.push({ type, ...make() });
    },
  };
}
