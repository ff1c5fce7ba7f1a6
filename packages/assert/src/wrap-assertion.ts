import { observedCall, type CallOptions } from './observed-call.js';

const MODIFIERS: ReadonlySet<PropertyKey> = new Set(['not', 'resolves', 'rejects']);

/** Jest's assertion object with every matcher observed (see {@link observedCall}), at any depth of `not`, `resolves` and `rejects`. */
export function wrapAssertion<T extends object>(assertion: T, options: CallOptions, path = 'expect'): T {
  return new Proxy(assertion, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver);
      const title = `${path}.${String(property)}`;
      if (typeof value === 'function') return observedCall(title, options, (args) => value.apply(target, args));
      return MODIFIERS.has(property) ? wrapAssertion(value as object, options, title) : value;
    },
  });
}
