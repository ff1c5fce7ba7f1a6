import type { Operation } from '../../operation.js';

/** A history as it stood at some moment. */
export interface CutHistory {
  readonly operations: readonly Operation[];
  /** The operation as it was recorded, of one that had not ended by then. */
  original(operation: Operation): Operation;
}

/**
 * What had ended by a position. The rest has an unknown outcome, but for what is known to have failed; what had not
 * begun is left out, unless it is to be kept: then an answer that shows it can be told from one out of nowhere.
 */
export function cutHistory(
  operations: readonly Operation[],
  position: number,
  isKept: (operation: Operation) => boolean = () => false,
): CutHistory {
  const originals = new Map<Operation, Operation>();
  const cut = operations
    .filter((operation) => operation.invoked <= position || isKept(operation))
    .map((operation) => {
      if (operation.type !== 'ok' || operation.completed <= position) return operation;
      const open: Operation = { ...operation, type: 'info', completed: Infinity };
      originals.set(open, operation);
      return open;
    });
  return { operations: cut, original: (operation) => originals.get(operation) ?? operation };
}

/**
 * The first position at which a history is wrong, of those at which an operation ended ok: a wrong beginning stays
 * wrong, so halving finds it. `judge` says `undefined` where a beginning is not wrong, or where that took too long.
 */
export function firstWrong<Found>(
  operations: readonly Operation[],
  judge: (position: number) => Found | undefined,
): { readonly position: number; readonly found: Found } | undefined {
  const ends = operations.filter(({ type }) => type === 'ok').map(({ completed }) => completed);
  ends.sort((a, b) => a - b);
  let [low, high] = [0, ends.length];
  let first: { position: number; found: Found } | undefined;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = judge(ends[middle]!);
    if (found === undefined) low = middle + 1;
    else {
      first = { position: ends[middle]!, found };
      high = middle;
    }
  }
  return first;
}
