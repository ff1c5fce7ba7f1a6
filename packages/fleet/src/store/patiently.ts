import { setTimeout as sleep } from 'node:timers/promises';

/** Longest time for one try of an operation, and for all of them, ms. */
const TRY_MS = 6_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Tries an operation until it succeeds: the store may be away for a while, and an operation that got no answer may have
 * been done. So every operation of the store can be done twice.
 */
export async function patiently<T>(operation: () => Promise<T>): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return await within(operation());
    } catch (error) {
      if (!isAway(error) || performance.now() - start > PATIENCE_MS) throw error;
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }
}

class Silence extends Error {
  readonly code = 'ETIMEDOUT';
}

async function within<T>(promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(TRY_MS, undefined, { signal: over.signal }).then(() => {
        throw new Silence(`the store did not answer within ${TRY_MS} ms`);
      }),
    ]);
  } finally {
    over.abort();
  }
}

// Codes of sockets, and of a PostgreSQL that starts or stops (57P0x, 08xxx).
const AWAY =
  /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[123]|^08|closed|terminat|timeout|LOADING|READONLY|not connected|Socket/i;

function isAway(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  return AWAY.test(typeof code === 'string' ? code : '') || AWAY.test(message ?? '');
}
