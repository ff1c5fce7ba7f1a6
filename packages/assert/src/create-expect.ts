import { inspect } from 'node:util';
import { checkRunnable } from '@chaos/spec';
import type { Expect } from 'expect';
import type { ChaosExpect, ConfigureOptions, MatcherTable, PollExpectOptions } from './chaos-expect.js';
import { expectHost } from './expect-host.js';
import { loadExpect } from './load-expect.js';
import { countPassed, judgeByJest } from './passes-plainly.js';
import { pollAssertion } from './poll/poll-assertion.js';
import { DEFAULT_INTERVALS_MS } from './poll/poll-until.js';
import { wrapAssertion } from './wrap-assertion.js';

const DEFAULT_POLL_TIMEOUT_MS = 5000;

const DELEGATED = [
  'any',
  'anything',
  'arrayContaining',
  'arrayOf',
  'closeTo',
  'objectContaining',
  'stringContaining',
  'stringMatching',
  'addEqualityTesters',
  'getState',
  'setState',
] as const;

function messageOf(
  given: string | { readonly message?: string } | undefined,
  configured: string | undefined,
): { message?: string } {
  const message = (typeof given === 'string' ? given : given?.message) ?? configured;
  return message === undefined ? {} : { message };
}

function delegate(jest: Expect, name: (typeof DELEGATED)[number], args: readonly unknown[]): unknown {
  if (name === 'addEqualityTesters') judgeByJest(['toEqual', 'toStrictEqual']);
  if (name.endsWith('State')) countPassed(jest);
  return (jest[name] as (...given: readonly unknown[]) => unknown)(...args);
}

/**
 * An `expect` with defaults of its own, which {@link ChaosExpect.configure} makes, and matchers that are added when it
 * is first used.
 */
export function createExpect(configured: ConfigureOptions, matchers?: MatcherTable): ChaosExpect {
  const soft = configured.soft ?? false;
  const load = (): Expect => loadExpect(matchers);
  judgeByJest(Object.keys(matchers ?? {}));
  const judge = (isSoft: boolean) => (actual: unknown, given?: string | { readonly message?: string }) =>
    wrapAssertion(actual, load, { ...messageOf(given, configured.message), soft: isSoft });

  const poll =
    (isSoft: boolean) =>
    (read: unknown, given: string | PollExpectOptions = {}): object => {
      load();
      if (typeof read !== 'function')
        throw new TypeError(`expect.poll() needs a function: current value is ${inspect(read, { depth: 0 })}`);
      checkRunnable('Cannot call expect.poll()', read);
      const options = typeof given === 'string' ? {} : given;
      return pollAssertion(read as () => unknown, {
        ...messageOf(given, configured.message),
        soft: isSoft,
        timeoutMs:
          options.timeout ?? configured.timeout ?? expectHost()?.defaults?.timeoutMs ?? DEFAULT_POLL_TIMEOUT_MS,
        intervalsMs: options.intervals ?? DEFAULT_INTERVALS_MS,
      });
    };

  const extend = (matchers: Parameters<ChaosExpect['extend']>[0]): ChaosExpect => {
    judgeByJest(Object.keys(matchers));
    loadExpect().extend(matchers as never);
    return expect;
  };

  const expect = Object.assign(judge(soft), {
    soft: Object.assign(judge(true), { poll: poll(true) }),
    poll: poll(soft),
    extend,
    configure: (options: ConfigureOptions) => createExpect({ ...configured, ...options }, matchers),
    ...Object.fromEntries(DELEGATED.map((name) => [name, (...args: unknown[]) => delegate(load(), name, args)])),
  }) as unknown as ChaosExpect;
  Object.defineProperty(expect, 'not', { get: () => load().not, enumerable: true });
  return expect;
}
