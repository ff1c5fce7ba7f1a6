import type { Operation } from '../operation.js';
import type { SequentialModel } from './models/sequential-model.js';

/** Linearizability by definition: tries every order. For a handful of operations. */
export function bruteForce<State>(model: SequentialModel<State>, operations: readonly Operation[]): boolean {
  const relevant = operations.filter(({ type }) => type !== 'fail');
  const attempt = (state: State, left: readonly Operation[]): boolean => {
    if (left.every(({ type }) => type === 'info')) return true;
    return left.some((one) => {
      if (left.some((other) => other.completed < one.invoked)) return false;
      // The answer of an unfinished read is unknown.
      const after = one.type === 'info' && model.isRead?.(one) === true ? state : model.step(state, one);
      return (
        after !== undefined &&
        attempt(
          after,
          left.filter((other) => other !== one),
        )
      );
    });
  };
  return attempt(model.init(), relevant);
}
