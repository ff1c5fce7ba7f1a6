import type { Incident, Recovery } from '@chaos/spec';

/** One call of a matcher, as a step for reports. */
export interface ExpectStep {
  /** `Expect "toBe"`, `Expect "soft not toEqual"`, or the message that was given. */
  readonly title: string;
  /** Arguments of the matcher. */
  readonly args: readonly unknown[];
  /** True for an attempt of `expect.poll`: no line of the test calls it. */
  readonly isAttempt?: boolean;
}

/** Settings that a runner gives `expect` for the time of one test. */
export interface ExpectHost {
  /** Ends every polling matcher: the test is over or out of time. */
  readonly signal?: AbortSignal;
  /** Defaults for calls that set no time, ms. */
  readonly defaults?: {
    readonly timeoutMs: number;
    readonly toPass: { readonly timeoutMs: number; readonly intervalsMs: readonly number[] };
  };
  /**
   * Every deadline is multiplied by this (1 = as written). What the target promises keeps to what is written: a claim
   * that holds only by this factor is told by {@link onStretched}.
   */
  readonly deadlineFactor: number;
  /** A failure of `expect.soft`: the test goes on and fails at its end. */
  onSoftFailure(error: Error): void;
  /**
   * A claim holds only because its limit was stretched: the target kept to `deadlineFactor` times what was written, not
   * to what was written. `reason` has both limits and the value.
   */
  onStretched?(reason: string): void;
  /**
   * Programs under test that ended by themselves and are still down, with the time (milliseconds since the Unix epoch).
   * A waiting matcher asks, and gives up for it: what is gone does not come back.
   */
  ended?(signal: AbortSignal): Promise<readonly Pick<Incident, 'what' | 'atMs'>[]>;
  /** A recovery measured by `toRecoverWithin`. */
  onRecovery(recovery: Recovery): void;
  /**
   * Runs a matcher as a step: it throws, or rejects, where the matcher fails, also softly. Absent where no report shows
   * matchers.
   */
  asStep?<T>(step: ExpectStep, matcher: () => T): T;
  /**
   * Calls the matcher and gives what it gives. Where that is a promise, the matcher waits until it settles; it has to
   * be awaited before the test ends. `progress` says what it has seen last, for whoever asks why a test hangs.
   */
  onStart?<T>(title: string, matcher: () => T, progress?: () => string): T;
}

let current: ExpectHost | undefined;

/**
 * Installs the host of the test that runs now; `undefined` after it. Without a host soft failures throw and nothing is
 * stretched.
 */
export function setExpectHost(host: ExpectHost | undefined): void {
  current = host;
}

export function expectHost(): ExpectHost | undefined {
  return current;
}
