import type { RetryPolicy } from '@chaos/spec';

/**
 * What is asked whether an attempt that failed is tried again. A thrown value that is no Error comes as the `cause` of
 * one.
 */
export type RetryWhen = (error: ThrownError) => boolean;

/** What failed an attempt. */
export interface ThrownError extends Error {
  /** Of a `ChaosError`, or of an error of node's: `ECONNREFUSED`. */
  readonly code?: unknown;
}

/**
 * Retry settings of failed tests; missing fields come from the surrounding group, the project, or the configuration.
 */
export interface RetryOptions extends Partial<RetryPolicy> {
  /**
   * Called in the worker with the first error of an attempt. If the attempt killed its worker, the next worker calls it
   * with the code `WORKER_LOST`.
   */
  readonly when?: RetryWhen;
}

/** {@link RetryOptions}, with the data separated from the code. */
export interface RetryRule {
  readonly policy: Partial<RetryPolicy>;
  readonly when: RetryWhen | undefined;
}

/** Settings of these rules together; for each setting the last one counts. `undefined` without rules. */
export function policyOf(rules: readonly RetryRule[]): Partial<RetryPolicy> | undefined {
  return rules.length === 0 ? undefined : Object.assign({}, ...rules.map(({ policy }) => policy));
}

/** The function that decides whether to retry a failed attempt, of the last rule that has one. */
export function whenOf(rules: readonly RetryRule[]): RetryWhen | undefined {
  return rules.findLast(({ when }) => when !== undefined)?.when;
}

/** The same for one setting as written in a configuration module. */
export function whenIn(retries: number | RetryOptions | undefined): RetryWhen | undefined {
  return typeof retries === 'object' ? retries.when : undefined;
}

const NUMBERS = {
  count: [0, 100],
  delayMs: [0, 2 ** 31 - 1],
  backoff: [1, 100],
  timeoutFactor: [1, 100],
  jitter: [0, 1],
} as const;
const CHOICES = { placement: ['immediate', 'end'], isolation: ['same', 'fresh', 'alone'] } as const;

/**
 * Checks `retries` as written on a test or a group. Throws `TypeError` for unknown keys, `RangeError` for values out of
 * bounds.
 */
export function resolveRetries(given: number | RetryOptions | undefined, what: string): RetryRule | undefined {
  if (given === undefined) return undefined;
  const { when, ...policy } = typeof given === 'number' ? { count: given } : given;
  if (when !== undefined && typeof when !== 'function')
    throw new TypeError(`Cannot use retries.when of ${what}: current value is ${typeof when}, not a function`);
  for (const [key, value] of Object.entries(policy)) {
    const bounds = (NUMBERS as Readonly<Record<string, readonly [number, number]>>)[key];
    const choices = (CHOICES as Readonly<Record<string, readonly string[]>>)[key];
    if (!bounds && !choices)
      throw new TypeError(
        `Cannot use retries.${key} of ${what}: known are ` +
          [...Object.keys(NUMBERS), ...Object.keys(CHOICES), 'when'].join(', '),
      );
    if (choices && !choices.includes(String(value)))
      throw new RangeError(
        `Cannot use retries.${key} of ${what}: current value is ${JSON.stringify(value)}, ` +
          `allowed are ${choices.join(', ')}`,
      );
    if (
      bounds &&
      !(
        typeof value === 'number' &&
        value >= bounds[0] &&
        value <= bounds[1] &&
        (key !== 'count' || Number.isInteger(value))
      )
    ) {
      throw new RangeError(
        `Cannot use retries.${key} of ${what}: current value is ${JSON.stringify(value)}, ` +
          `allowed is ${key === 'count' ? 'a whole number' : 'a number'} from ${bounds[0]} to ${bounds[1]}`,
      );
    }
  }
  return { policy, when };
}
