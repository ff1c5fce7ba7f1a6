import { describeOperation } from '../describe-operation.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Finding } from './finding.js';
import type { Problem } from './problem.js';
import { leaves } from './register-model.js';
import { createSearch, type Search } from './search.js';

const MOST_LISTED = 5;

/**
 * Why no order explains a part of a history: the operation that none of the orders of what came before it leaves room
 * for, what ran at the same time, and what the object can have been then. `all` is the whole part, failed operations
 * included.
 */
export function explainSearch(problem: Problem, failed: Search, all: readonly Operation[]): Finding {
  const { front } = failed;
  const culprit = problem.ended[front] as Operation;
  const again = createSearch(problem, front);
  // It was reached once, so it is reached again by the same steps.
  again.run(failed.steps + 1);
  const prefix = again.order();
  const concurrent = all.filter(
    (one) =>
      one !== culprit &&
      one.type !== 'fail' &&
      one.invoked < culprit.completed &&
      one.completed > culprit.invoked &&
      !isUnfinishedRead(one),
  );
  const states = [...new Set([...failed.frontStates].map((state) => problem.transitions.describe(state)))];
  const { type, why } = nameOf(culprit, prefix, all);
  const could =
    states.length > MOST_LISTED
      ? `${states.slice(0, MOST_LISTED).join(', or ')}, or ${states.length - MOST_LISTED} more`
      : states.join(', or ');
  const beside = concurrent.slice(0, MOST_LISTED).map(describeOperation);
  const parts = [
    `${describeOperation(culprit)} cannot be: by then it ${could}`,
    ...(why === undefined ? [] : [why]),
    `${front} of ${problem.ended.length} completed operations can be put in order before it`,
    ...(beside.length === 0
      ? []
      : [
          `at the same time: ${beside.join(', ')}${concurrent.length > beside.length ? ` and ${concurrent.length - beside.length} more` : ''}`,
        ]),
  ];
  return {
    type,
    message: parts.join('; '),
    operations: [
      ...prefix.slice(-MOST_LISTED),
      culprit,
      ...concurrent.filter((one) => !prefix.slice(-MOST_LISTED).includes(one)),
    ],
  };
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
