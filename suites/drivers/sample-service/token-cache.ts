import type { DriverContext } from '@chaos/test';

interface Entry {
  readonly signal: AbortSignal;
  readonly issuedMs: number;
  readonly token: Promise<string>;
}

// Tokens live for five minutes; a test ends long before.
const MAX_AGE_MS = 60_000;

const entries = new Map<string, Entry>();

/**
 * A valid token, shared by all calls of one test (with the same signal), so that a load does not measure the issuer.
 */
export function tokenFor(context: DriverContext): Promise<string> {
  const known = entries.get(context.url);
  if (known !== undefined && known.signal === context.signal && performance.now() - known.issuedMs < MAX_AGE_MS)
    return known.token;
  const token = context.issueToken();
  entries.set(context.url, { signal: context.signal, issuedMs: performance.now(), token });
  token.catch(() => forgetToken(context));
  return token;
}

/** Forget the token after a refusal, because its key may be gone; the next call gets a new one. */
export function forgetToken(context: DriverContext): void {
  entries.delete(context.url);
}
