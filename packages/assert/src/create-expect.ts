import { inspect } from 'node:util';
import type { ChaosExpect, ConfigureOptions, MatcherTable, PollExpectOptions } from './chaos-expect.js';
import { loadExpect } from './load-expect.js';
import { pollAssertion } from './poll-assertion.js';
import { DEFAULT_INTERVALS_MS } from './poll-until.js';
import { wrapAssertion } from './wrap-assertion.js';

const DEFAULT_POLL_TIMEOUT_MS = 5000;

const DELEGATED = ['any', 'anything', 'arrayContaining', 'arrayOf', 'closeTo', 'objectContaining', 'stringContaining', 'stringMatching', 'addEqualityTesters', 'getState', 'setState'] as const;

function messageOf(given: string | { readonly message?: string } | undefined, configured: string | undefined): { message?: string } {
  const message = (typeof given === 'string' ? given : given?.message) ?? configured;
  return message === undefined ? {} : { message };
}

/** An `expect` with defaults of its own, which {@link ChaosExpect.configure} makes, and matchers that are added when it is first used. */
export function createExpect(configured: ConfigureOptions, matchers?: MatcherTable): ChaosExpect {
  const soft = configured.soft ?? false;
  const judge = (isSoft: boolean) => (actual: unknown, given?: string | { readonly message?: string }) =>
    wrapAssertion(loadExpect(matchers)(actual), { ...messageOf(given, configured.message), soft: isSoft });

  const poll = (read: unknown, given: string | PollExpectOptions = {}): object => {
    loadExpect(matchers);
    if (typeof read !== 'function') throw new TypeError(`expect.poll() needs a function: current value is ${inspect(read, { depth: 0 })}`);
    const options = typeof given === 'string' ? {} : given;
    return pollAssertion(read as () => unknown, {
      ...messageOf(given, configured.message),
      soft,
      timeoutMs: options.timeout ?? configured.timeout ?? DEFAULT_POLL_TIMEOUT_MS,
      intervalsMs: options.intervals ?? DEFAULT_INTERVALS_MS,
    });
  };

  const extend = (matchers: Parameters<ChaosExpect['extend']>[0]): ChaosExpect => {
    loadExpect().extend(matchers as never);
    return expect;
  };

  const expect = Object.assign(judge(soft), {
    soft: judge(true),
    poll,
    extend,
    configure: (options: ConfigureOptions) => createExpect({ ...configured, ...options }, matchers),
    ...Object.fromEntries(DELEGATED.map((name) => [name, (...args: unknown[]) => (loadExpect(matchers)[name] as (...given: unknown[]) => unknown)(...args)])),
  }) as unknown as ChaosExpect;
  Object.defineProperty(expect, 'not', { get: () => loadExpect(matchers).not, enumerable: true });
  return expect;
}
