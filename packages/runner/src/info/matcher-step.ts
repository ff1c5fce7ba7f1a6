import { types } from 'node:util';
import type { Json } from '@chaos/spec';
import { callerLocation } from '../data/call-location.js';
import { cut, printed, toPlain } from '../data/plain.js';
import { whenSettled } from '../data/real-promises.js';
import { serializeError } from '../data/serialize-error.js';
import { stepLog } from './step-log.js';
import type { TestInfo } from './test-info.js';

/** A call of a matcher, for reports. */
export interface MatcherCall {
  /** As reports show it: `Expect "toBe"`. */
  readonly title: string;
  /** First argument of the matcher, where there is one. */
  readonly args: readonly unknown[];
  /** True for an attempt of `expect.poll`: no line of the test calls it. */
  readonly isAttempt?: boolean;
}

/** Runs a matcher, which answers at once or by a promise, as a step of its own. */
export type RunMatcher = <T>(call: MatcherCall, matcher: () => T) => T;

/** Makes matchers steps of a test; `undefined` where no reporter asks for such steps. */
export function matcherSteps(info: TestInfo): RunMatcher | undefined {
  return stepLog(info).every ? (call, matcher) => asStep(info, call, matcher) : undefined;
}

function asStep<T>(info: TestInfo, { title, args, isAttempt }: MatcherCall, matcher: () => T): T {
  const log = stepLog(info);
  const location = isAttempt ? undefined : callerLocation();
  const expected = args.length > 0 ? shown(args[0]) : undefined;
  const step = log.begin({
    // The message of a call may be anything that a test hands over.
    title: typeof title === 'string' ? cut(title) : printed(title),
    category: 'expect',
    ...(location?.file && { location }),
    ...(expected !== undefined && { params: { expected } }),
  });
  const failed = (error: unknown): never => {
    // An error of its own has precedence over a soft failure within it.
    step.result.error = serializeError(error);
    log.end(step);
    throw error;
  };
  let answer: T;
  try {
    answer = log.within(step, matcher);
  } catch (error) {
    return failed(error);
  }
  if (types.isPromise(answer)) return whenSettled(answer, (value) => (log.end(step), value), failed) as T;
  log.end(step);
  return answer;
}

/** Longer values say too much in a report. */
const MOST_CHARACTERS = 10_000;

// Never throws: no getter of the user's ends a test here.
function shown(value: unknown): Json | undefined {
  if (value === undefined || typeof value === 'function') return undefined;
  const plain = toPlain(value);
  return JSON.stringify(plain).length > MOST_CHARACTERS ? undefined : plain;
}
