import type { CryptoKey } from 'jose';

/** Source of the token issuer's public keys. */
export interface KeySource {
  /**
   * The key that a token names; `undefined` when the issuer has no such key.
   * @throws ServiceError `UNAVAILABLE` when no key is known and the issuer does not answer.
   */
  key(keyId: string): Promise<CryptoKey | undefined>;
  counts(): { readonly fetches: number; readonly failures: number; readonly keys: number };
  close(): void;
}
