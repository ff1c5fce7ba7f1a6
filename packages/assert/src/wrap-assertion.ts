import type { Expect } from 'expect';
import { observedCall, type CallOptions } from './observed-call.js';
import { isPlain, passesPlainly } from './passes-plainly.js';

const WAITING: ReadonlySet<PropertyKey> = new Set(['toPass', 'toRecoverWithin']);
const MODIFIERS: ReadonlySet<PropertyKey> = new Set(['not', 'resolves', 'rejects']);

/**
 * Jest's assertions about a value with every matcher observed (see {@link observedCall}), at any depth of `not`,
 * `resolves` and `rejects`; made when first needed.
 */
export function wrapAssertion(actual: unknown, load: () => Expect, given: CallOptions): object {
  const options = { ...given, actual };
  let assertion: object | undefined;
  const assertions = (): object => (assertion ??= load()(actual));
  const callJest = (matcher: PropertyKey, args: unknown[]): unknown =>
    (Reflect.get(assertions(), matcher) as (...given: unknown[]) => unknown)(...args);
  return new Proxy(Object.create(null) as object, {
    get: (_, property) => {
      if (!isPlain(property)) return observed(assertions(), property, options, 'expect');
      return observedCall(`expect.${String(property)}`, options, (args) =>
        passesPlainly(property, actual, args) ? undefined : callJest(property, args),
      );
    },
    has: (_, property) => property in assertions(),
  });
}

function observed(assertions: object, property: PropertyKey, options: CallOptions, path: string): unknown {
  const value: unknown = Reflect.get(assertions, property);
  const title = `${path}.${String(property)}`;
  if (typeof value === 'function')
    return observedCall(title, { ...options, waits: WAITING.has(property) }, (args) =>
      (value as (...given: unknown[]) => unknown).apply(assertions, args),
    );
  if (!MODIFIERS.has(property)) return value;
  return new Proxy(value as object, { get: (target, name) => observed(target, name, options, title) });
}
