import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { SequentialModel } from './sequential-model.js';

/** One step of a `txn` on registers: `['r', key, value]` or `['w', key, value]` (also `read`, `write`). */
export type RegisterStep = readonly [f: string, key: unknown, value: unknown];

type State = ReadonlyMap<unknown, unknown>;

/** Registers by key that one operation reads and writes at once: `f: 'txn'` with a list of {@link RegisterStep}. */
export function multiRegisterModel(options: { readonly initial?: unknown } = {}): SequentialModel<State> {
  const { initial } = { initial: null, ...options };
  return {
    name: 'multi-register',
    init: () => new Map(),
    step(state, operation) {
      let after = state;
      for (const [f, key, value] of registerSteps(operation)) {
        const id = identify(key);
        if (isWrite(f)) after = new Map(after).set(id, identify(value));
        // A read without answer says nothing; it is only met inside an `info`.
        else if (operation.type === 'ok' && (after.has(id) ? after.get(id) : identify(initial)) !== identify(value))
          return undefined;
      }
      return after;
    },
    isRead: (operation) => registerSteps(operation).every(([f]) => !isWrite(f)),
    observes: (operation) => registerSteps(operation).some(([f]) => !isWrite(f)),
    describe: (state) => `held ${formatValue(Object.fromEntries(state))}`,
  };
}

/** The steps of a `txn`. Throws `TypeError` for anything else. */
export function registerSteps({ f, value }: Operation): readonly RegisterStep[] {
  const steps = value as readonly RegisterStep[];
  if (
    f === 'txn' &&
    Array.isArray(value) &&
    steps.every((step) => Array.isArray(step) && /^(r|w|read|write)$/.test(step[0]))
  )
    return steps;
  throw new TypeError(
    `Cannot check an operation of a multi-register: current f is ${JSON.stringify(f)} with value ` +
      `${formatValue(value)}, it must be txn with [['r' | 'w', key, value], ...]`,
  );
}

function isWrite(f: string): boolean {
  return f === 'w' || f === 'write';
}
