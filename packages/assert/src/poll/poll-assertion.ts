import { stripVTControlCharacters } from 'node:util';
import { saysWrongData } from '@chaos/spec';
import { loadExpect } from '../load-expect.js';
import { expectHost, type ExpectStep } from '../expect-host.js';
import { observedCall, stepTitle, type CallOptions } from '../observed-call.js';
import { pollUntil, type PollOptions } from './poll-until.js';

const UNPOLLABLE: ReadonlySet<PropertyKey> = new Set(['toPass', 'toRecoverWithin', 'resolves', 'rejects']);

const MOST_TOLD = 200;

function pollMatcher(
  read: () => unknown,
  isNot: boolean,
  name: string,
  options: CallOptions & PollOptions,
): (...args: unknown[]) => unknown {
  const matcher = isNot ? `not.${name}` : name;
  const title = stepTitle(`expect.${matcher}`, { ...options, soft: false });
  let last: unknown;
  const progress = (): string => lastAnswer(last);
  return observedCall(`expect.poll.${matcher}`, { ...options, waits: true, progress }, async (args) => {
    const host = expectHost();
    const step: ExpectStep = { title, args, isAttempt: true };
    const problem = await pollUntil(options, async () => {
      const assertions = loadExpect()(await read());
      try {
        const attempt = (): unknown => (isNot ? assertions.not : assertions)[name as 'toBe'](...(args as [unknown]));
        await (host?.asStep ? host.asStep(step, attempt) : attempt());
        return true;
      } catch (error) {
        // A broken invariant stays broken: polling on would only hide it.
        if (saysWrongData(error)) throw error;
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

// The end of a test's time does not wait for the matcher's own message: the lines that matter, on one line.
function lastAnswer(error: unknown): string {
  if (!(error instanceof Error)) return 'no value';
  const lines = stripVTControlCharacters(error.message).split('\n');
  const told = lines.filter((line) => /^(Expected|Received)/.test(line)).map((line) => line.trim());
  return (told.length > 0 ? told.join(', ') : (lines[0] ?? '')).slice(0, MOST_TOLD);
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
