import type { Operation } from '../../operation.js';
import { cutHistory, firstWrong } from './cut-history.js';
import { explainSearch } from './explain-search.js';
import type { Finding } from './finding.js';
import { createProblem } from '../search/problem.js';
import { createSearch } from '../search/search.js';
import type { SequentialModel } from '../models/sequential-model.js';

// Steps to spend on the first moment of an anomaly that is known.
const MOST_STEPS = 500_000;

/**
 * Explains a part of a history that is known to be wrong by its first beginning that is wrong. `undefined` where that
 * was not found in time, or if the part is right after all.
 */
export function explainFirst(model: SequentialModel, operations: readonly Operation[]): Finding | undefined {
  let left = MOST_STEPS;
  const first = firstWrong(operations, (position) => {
    if (left <= 0) return undefined;
    const cut = cutHistory(operations, position);
    const problem = createProblem(model, cut.operations);
    const search = createSearch(problem);
    const isWrong = search.run(left) === false;
    left -= search.steps;
    return isWrong ? { problem, search, original: cut.original } : undefined;
  });
  if (first === undefined) return undefined;
  const shownBy = operations.find(({ type, completed }) => type === 'ok' && completed === first.position);
  return explainSearch({ ...first.found, all: operations, ...(shownBy !== undefined && { shownBy }) });
}

/** The same of what had ended before a position. */
export function explainBefore(
  model: SequentialModel,
  operations: readonly Operation[],
  position: number,
): Finding | undefined {
  const isBefore = ({ completed }: Operation): boolean => completed < position;
  const last = operations.filter(isBefore).reduce((end, { completed }) => Math.max(end, completed), -Infinity);
  if (last === -Infinity) return undefined;
  const { operations: before, original } = cutHistory(operations, last);
  const finding = explainFirst(model, before);
  return finding && { ...finding, operations: finding.operations.map(original) };
}
