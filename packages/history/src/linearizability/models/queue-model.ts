import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { SequentialModel } from './sequential-model.js';

/**
 * A first-in-first-out queue: `enqueue` of a value, `dequeue` that gives the oldest, or `null` where there is none.
 * A `dequeue` without answer may have taken whatever was the oldest.
 */
export function queueModel(): SequentialModel<readonly unknown[]> {
  return {
    name: 'queue',
    init: () => [],
    step(state, { f, type, value }) {
      if (f === 'enqueue') return [...state, value];
      if (f !== 'dequeue')
        throw new TypeError(
          `Cannot check an operation of a queue: current f is ${JSON.stringify(f)}, it must be enqueue or dequeue`,
        );
      if (type === 'info') return state.length === 0 ? state : state.slice(1);
      if (value === null || value === undefined) return state.length === 0 ? state : undefined;
      return state.length > 0 && identify(state[0]) === identify(value) ? state.slice(1) : undefined;
    },
    isRead: ({ f, type, value }) => f === 'dequeue' && type === 'ok' && (value === null || value === undefined),
    observes: ({ f }) => f !== 'enqueue',
    describe: (state) => (state.length === 0 ? 'was empty' : `held ${formatValue(state)}`),
  };
}
