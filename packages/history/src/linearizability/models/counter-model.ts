import type { SequentialModel } from './sequential-model.js';

/** A number: `add` adds its value (negative too), `read` gives the sum. */
export function counterModel(options: { readonly initial?: number } = {}): SequentialModel<number> {
  const { initial } = { initial: 0, ...options };
  return {
    name: 'counter',
    init: () => initial,
    step(state, { f, value }) {
      if (f === 'read') return state === Number(value) ? state : undefined;
      if (f === 'add' && typeof value === 'number') return state + value;
      throw new TypeError(
        `Cannot check an operation of a counter: current f is ${JSON.stringify(f)} with value ` +
          `${JSON.stringify(value)}, it must be read, or add with a number`,
      );
    },
    isRead: ({ f }) => f === 'read',
    observes: ({ f }) => f !== 'add',
    describe: (state) => `stood at ${state}`,
  };
}
