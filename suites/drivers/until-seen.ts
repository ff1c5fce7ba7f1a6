import { expect, test } from '@chaos/test';

/**
 * Waits for the server's evidence of `what`. Without it after `timeoutMs` the test ends as inconclusive. Rejects with
 * the error of `look`.
 */
export async function untilSeen(what: string, look: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const looked = async (): Promise<boolean> => {
    try {
      return await look();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    await expect.poll(looked, { timeout: timeoutMs, intervals: [5], message: what }).toBe(true);
  } catch {
    if (failure !== undefined) throw failure.error;
    test.inconclusive(`${what}: not seen within ${timeoutMs} ms`);
  }
}
