import { UsageError } from '@chaos/spec';
import { currentTest, test } from '@chaos/runner';
import { expect } from '../expect/expect.js';

/** Options of {@link until}. */
export interface UntilOptions {
  /** Milliseconds, stretched where the machine is busy. Default: `timeout_ms` of the configuration. */
  readonly timeoutMs?: number;
  /** Pause between two looks, ms. Default 5. */
  readonly intervalMs?: number;
}

/**
 * Waits for evidence of `what`, which a test needs before it can judge anything: COMMITs that wait in the server, a
 * session that was ended. Without it the test ends as inconclusive, with `what` as the reason. Rejects with the error
 * of `look`, at once.
 *
 * @example
 * await until('a transfer waits for a lock', async () => (await postgres.sessions()).some(({ waiting }) => waiting));
 */
export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  { timeoutMs, intervalMs = 5 }: UntilOptions = {},
): Promise<void> {
  const info = currentTest();
  if (info === undefined) throw new UsageError(`Cannot wait until ${what}: no test runs`);
  const limitMs = timeoutMs ?? info.chaos.config.timeoutMs;
  let failure: { readonly error: unknown } | undefined;
  const looked = async (): Promise<boolean> => {
    try {
      return await look();
    } catch (error) {
      failure = { error };
      return true;
    }
  };
  const seen = await expect
    .poll(looked, { timeout: limitMs, intervals: [intervalMs], message: what })
    .toBe(true)
    .then(
      () => true,
      () => false,
    );
  if (failure !== undefined) throw failure.error;
  info.signal.throwIfAborted();
  if (!seen) test.inconclusive(`${what}: not seen within ${limitMs} ms`);
}
