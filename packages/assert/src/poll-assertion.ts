import { isChaosError } from '@chaos/spec';
import { loadExpect } from './load-expect.js';
import { observedCall, type CallOptions } from './observed-call.js';
import { pollUntil, type PollOptions } from './poll-until.js';

const UNPOLLABLE: ReadonlySet<PropertyKey> = new Set(['toPass', 'toRecoverWithin', 'resolves', 'rejects']);

function pollMatcher(
  read: () => unknown,
  isNot: boolean,
  name: string,
  options: CallOptions & PollOptions,
): (...args: unknown[]) => unknown {
  return observedCall(`expect.poll.${isNot ? 'not.' : ''}${name}`, { ...options, waits: true }, async (args) => {
    let last: unknown;
    const problem = await pollUntil(options, async () => {
      const assertions = loadExpect()(await read());
      try {
        await Promise.resolve((isNot ? assertions.not : assertions)[name as 'toBe'](...(args as [unknown])));
        return true;
      } catch (error) {
        // A broken invariant stays broken: polling on would only hide it.
        if (isChaosError(error, 'INVARIANT_VIOLATION')) throw error;
        last = error;
        return false;
      }
    });
    if (problem === undefined) return;
    const error = last instanceof Error ? last : new Error(`Cannot poll: the function never returned a value`);
    error.message += `\n\nCall Log:\n- ${problem}`;
    throw error;
  });
}

/** The assertions of `expect.poll(read)`: every matcher is tried on fresh values until it passes. */
export function pollAssertion(read: () => unknown, options: CallOptions & PollOptions, isNot = false): object {
  return new Proxy(Object.create(null) as object, {
    get(_target, property) {
      if (typeof property === 'symbol' || property === 'then') return undefined;
      if (property === 'not' && !isNot) return pollAssertion(read, options, true);
      if (UNPOLLABLE.has(property))
        throw new TypeError(`Cannot use expect.poll() with ${property}: it waits by itself`);
      return pollMatcher(read, isNot, property, options);
    },
  });
}
