import type { DriverContext, Json } from '@chaos/spec';

type Claims = Readonly<Record<string, Json>>;

// A context lives for one test, so no token is older than that.
const tokens = new WeakMap<DriverContext, Map<string, Promise<string>>>();

/** A token of these claims, signed once a test. */
export function tokenOf(context: DriverContext, claims: Claims): Promise<string> {
  let signed = tokens.get(context);
  if (!signed) tokens.set(context, (signed = new Map()));
  const key = JSON.stringify(claims);
  let token = signed.get(key);
  if (!token) {
    signed.set(key, (token = context.issueToken(claims)));
    token.catch(() => signed.delete(key));
  }
  return token;
}

/** The service refused the tokens of a test, as it does after a change of keys: the next request signs a new one. */
export function forgetTokens(context: DriverContext): void {
  tokens.delete(context);
}
