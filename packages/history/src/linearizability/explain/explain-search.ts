import { describeOperation } from '../../describe/describe-operation.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { Finding } from './finding.js';
import type { Problem } from '../search/problem.js';
import { leaves } from '../models/register-model.js';
import { createSearch, type Search } from '../search/search.js';

const MOST_LISTED = 5;

/** A search that found no order, and what is known besides. */
export interface FailedSearch {
  readonly problem: Problem;
  readonly search: Search;
  /** The whole part, failed operations included. */
  readonly all: readonly Operation[];
  /** An operation of the problem as it was recorded. */
  readonly original?: (operation: Operation) => Operation;
  /** The operation whose end showed it. */
  readonly shownBy?: Operation;
}

/**
 * Explains that no order fits a part of a history: the operation that none of the orders of what came before it leaves
 * room for, what ran at the same time, and what the object can have been then.
 */
export function explainSearch({ problem, search, all, original = (one) => one, shownBy }: FailedSearch): Finding {
  const { front } = search;
  const culprit = problem.ended[front] as Operation;
  const again = createSearch(problem, front);
  // It was reached once, so it is reached again by the same steps.
  again.run(search.steps + 1);
  const prefix = again.order().map(original);
  const concurrent = all.filter(
    (one) =>
      one !== culprit &&
      one.type !== 'fail' &&
      one.invoked < culprit.completed &&
      one.completed > culprit.invoked &&
      !isUnfinishedRead(one),
  );
  const { type, why } = nameOf(culprit, prefix, all);
  const parts = [
    `${describeOperation(culprit)} cannot be: by then it ${listStates(problem, search)}`,
    ...(why === undefined ? [] : [why]),
    `${front} of ${all.filter(({ type: outcome }) => outcome === 'ok').length} completed operations can ` +
      'be put in order before it',
    ...listBeside(concurrent),
  ];
  const operations = [
    ...prefix.slice(-MOST_LISTED),
    culprit,
    ...concurrent.filter((one) => !prefix.slice(-MOST_LISTED).includes(one)),
  ];
  if (shownBy === undefined || operations.includes(shownBy)) return { type, message: parts.join('; '), operations };
  return {
    type,
    message: `${parts.join('; ')}; known when ${describeOperation(shownBy)} had ended`,
    operations: [...operations, shownBy],
  };
}

function listStates({ transitions }: Problem, { frontStates }: Search): string {
  const states = [...new Set([...frontStates].map((state) => transitions.describe(state)))];
  return states.length > MOST_LISTED
    ? `${states.slice(0, MOST_LISTED).join(', or ')}, or ${states.length - MOST_LISTED} more`
    : states.join(', or ');
}

function listBeside(concurrent: readonly Operation[]): string[] {
  if (concurrent.length === 0) return [];
  const beside = concurrent.slice(0, MOST_LISTED).map(describeOperation);
  const more = concurrent.length > beside.length ? ` and ${concurrent.length - beside.length} more` : '';
  return [`at the same time: ${beside.join(', ')}${more}`];
}

function isUnfinishedRead({ f, type }: Operation): boolean {
  return f === 'read' && type === 'info';
}

// Known anomalies by name: what a register of that value held before, and where a lock is held.
function nameOf(
  culprit: Operation,
  prefix: readonly Operation[],
  all: readonly Operation[],
): { readonly type: string; readonly why?: string } {
  if (culprit.f === 'acquire') return { type: 'double-acquire' };
  if (culprit.f !== 'read' || !all.every(({ f }) => f === 'read' || f === 'write' || f === 'cas'))
    return { type: 'not-linearizable' };
  const wanted = identify(culprit.value);
  const newer = prefix.findLast((one) => leaves(one) !== undefined && !leavesValue(one, wanted));
  if (newer === undefined) return { type: 'not-linearizable' };
  const value = identify(leaves(newer)?.value);
  const seen = all.some(
    (one) =>
      one.type === 'ok' &&
      one !== newer &&
      identify(one.f === 'cas' ? (one.value as unknown[])[0] : one.value) === value &&
      one.f !== 'write',
  );
  return { type: seen ? 'stale-read' : 'lost-write', why: `${describeOperation(newer)} had replaced it` };
}

function leavesValue(operation: Operation, wanted: unknown): boolean {
  const left = leaves(operation);
  return left !== undefined && identify(left.value) === wanted;
}
