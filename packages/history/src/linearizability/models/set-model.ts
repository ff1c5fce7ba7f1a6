import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { SequentialModel } from './sequential-model.js';

/** A set that only grows: `add` of an element, `read` of all elements, in any order. */
export function setModel(): SequentialModel<ReadonlySet<unknown>> {
  return {
    name: 'set',
    init: () => new Set(),
    step(state, { f, value }) {
      if (f === 'add') return state.has(identify(value)) ? state : new Set(state).add(identify(value));
      if (f !== 'read')
        throw new TypeError(
          `Cannot check an operation of a set: current f is ${JSON.stringify(f)}, it must be add or read`,
        );
      const elements = new Set([...((value ?? []) as Iterable<unknown>)].map(identify));
      return elements.size === state.size && [...state].every((one) => elements.has(one)) ? state : undefined;
    },
    isRead: ({ f }) => f === 'read',
    observes: ({ f }) => f !== 'add',
    describe: (state) => `held ${formatValue(state)}`,
  };
}
