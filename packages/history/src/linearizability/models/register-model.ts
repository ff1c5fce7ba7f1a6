import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { SequentialModel } from './sequential-model.js';

/** Options of {@link registerModel}. */
export interface RegisterModelOptions {
  /** Value of a read before the first write. Default `null`. */
  readonly initial?: unknown;
  /** True if `cas` is allowed. Default true. */
  readonly cas?: boolean;
}

/** One value: `read` gives it, `write` sets it, `cas` with `[from, to]` sets it to `to` where it is `from`. */
export function registerModel(options: RegisterModelOptions = {}): SequentialModel<{ readonly value: unknown }> {
  const { initial, cas } = { initial: null, cas: true, ...options };
  return {
    name: cas ? 'cas-register' : 'register',
    init: () => ({ value: initial }),
    step(state, { f, value }) {
      if (f === 'read') return identify(state.value) === identify(value) ? state : undefined;
      if (f === 'write') return { value };
      if (f !== 'cas' || !cas)
        throw new TypeError(
          `Cannot check an operation of a register: current f is ${JSON.stringify(f)}, ` +
            `it must be ${cas ? 'read, write or cas' : 'read or write'}`,
        );
      const [from, to] = casValue(value);
      return identify(state.value) === identify(from) ? { value: to } : undefined;
    },
    key: (state) => identify(state.value) as string,
    isRead: ({ f }) => f === 'read',
    observes: ({ f }) => f !== 'write',
    describe: ({ value }) => `held ${formatValue(value)}`,
  };
}

/** The two values of a `cas`. Throws `TypeError` for anything else. */
export function casValue(value: unknown): readonly [unknown, unknown] {
  if (Array.isArray(value) && value.length === 2) return value as [unknown, unknown];
  throw new TypeError(`Cannot check a cas: current value is ${formatValue(value)}, it must be [from, to]`);
}

/** The value that an operation leaves in a register, in a box; `undefined` where that is a `read`. */
export function leaves({ f, value }: Operation): { readonly value: unknown } | undefined {
  return f === 'write' ? { value } : f === 'cas' ? { value: casValue(value)[1] } : undefined;
}
