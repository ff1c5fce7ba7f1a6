import type { Fault, Json } from '@chaos/spec';
import type { OtherAnswer } from './document-server.js';

/** Options of a token, besides its claims. */
export interface IssueOptions {
  /**
   * Key that signs: a published or withdrawn one. With a `kid` that the issuer never had, the token names that `kid`
   * and is signed with an unpublished key. Default: the signing key.
   */
  readonly kid?: string;
  /** Lifetime from now, ms; rounded up to whole seconds. Negative: expired already. Default 300000 (5 min). */
  readonly expiresInMs?: number;
  /**
   * Default `ES256`. The others are forgeries: `none` has no signature, `HS256` uses the public key (SPKI, PEM) as its
   * secret, `ES384` is signed with an unpublished key of another curve.
   */
  readonly algorithm?: 'ES256' | 'ES384' | 'HS256' | 'none';
}

/** A key of the issuer. */
export interface JwksKey {
  readonly kid: string;
  /** True if the document lists it. */
  readonly published: boolean;
  /** True if tokens are signed with it by default. */
  readonly signing: boolean;
}

/** An issuer of signed tokens (ES256) with the document of its public keys (JWKS, RFC 7517), and its faults. */
export interface JwksServer extends AsyncDisposable {
  /** URL of the document: `http://127.0.0.1:<port>/.well-known/jwks.json`. */
  readonly url: string;
  /** The `iss` claim. */
  readonly issuer: string;
  /** The `aud` claim. */
  readonly audience: string;
  /** True if the issuer is external: then it has only an address. */
  readonly external: boolean;
  /**
   * A signed token. `claims` are merged over `{ sub: 'user-1', roles: ['user'], iss, aud, iat, exp }`; a claim of
   * `null` is left out.
   *
   * @throws `TypeError` and `RangeError` for options out of range.
   */
  issue(claims?: Readonly<Record<string, Json>>, options?: IssueOptions): Promise<string>;
  /** Creates a new signing key. Older keys stay published. */
  rotate(): Promise<{ readonly kid: string }>;
  /**
   * Removes a key from the document; it can still sign. Without `kid`: every key but the signing one. Returns the
   * withdrawn keys.
   *
   * @throws `RangeError` for a `kid` that the issuer does not have.
   */
  withdraw(kid?: string): readonly string[];
  /** All keys, oldest first, including withdrawn ones. */
  keys(): readonly JwksKey[];
  /** Requests for the document since the start or the last {@link reset}. */
  requests(): number;
  /**
   * Grows whenever a client that caches keys may miss the right ones: because other keys were published until a {@link
   * reset}, or because the document was unreachable.
   */
  keyChanges(): number;
  /** Closes the listener: connections are refused, open ones are destroyed. Healing listens on the same port. */
  down(): Fault;
  /**
   * Delays the document by this many milliseconds. Several such faults add up; healing answers waiting requests at
   * once.
   */
  latency(latencyMs: number): Fault;
  /** Answers with another status, another body, or both. */
  answers(other: OtherAnswer): Fault;
  /** Throws `EnvironmentError` if the document is not served, or lists other keys than it should. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers the current keys for {@link reset}, which otherwise returns to the first key. */
  snapshot(signal: AbortSignal): Promise<void>;
  /** Heals all faults, returns to the keys of the snapshot, and verifies the served document. */
  reset(signal: AbortSignal): Promise<void>;
}
