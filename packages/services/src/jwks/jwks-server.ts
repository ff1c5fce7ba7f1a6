import type { Fault, Json } from '@chaos/spec';

/** What is done to a token beside its claims. */
export interface IssueOptions {
  /**
   * The key that signs, published or withdrawn. A `kid` that the issuer never had: the token names it, and a key that
   * nobody publishes signs it. Default: the signing key.
   */
  readonly kid?: string;
  /** Life from now on in milliseconds; whole seconds, rounded up. Negative: expired already. Default 300000 (5 min). */
  readonly expiresInMs?: number;
  /**
   * Default `ES256`. The others are forgeries: `none` has no signature, `HS256` is keyed with the public key (SPKI,
   * PEM), `ES384` is signed by a key of another curve that nobody publishes.
   */
  readonly algorithm?: 'ES256' | 'ES384' | 'HS256' | 'none';
}

/** A key of the issuer. */
export interface JwksKey {
  readonly kid: string;
  /** Whether the document lists it. */
  readonly published: boolean;
  /** Whether tokens are signed by it unless they ask for another. */
  readonly signing: boolean;
}

/**
 * An issuer of signed tokens (ES256) with the document of its public keys (JWKS, RFC 7517), and what can go wrong with
 * them.
 */
export interface JwksServer extends AsyncDisposable {
  /** Of the document: `http://127.0.0.1:<port>/.well-known/jwks.json`. */
  readonly url: string;
  /** The `iss` claim. */
  readonly issuer: string;
  /** The `aud` claim. */
  readonly audience: string;
  /** True where it is not ours: it only has an address then. */
  readonly external: boolean;
  /**
   * A signed token. `claims` are merged over `{ sub: 'user-1', roles: ['user'], iss, aud, iat, exp }`; a claim of
   * `null` is left out.
   *
   * @throws `TypeError` and `RangeError` for options out of range.
   */
  issue(claims?: Readonly<Record<string, Json>>, options?: IssueOptions): Promise<string>;
  /** A new signing key. The keys before it stay published. */
  rotate(): Promise<{ readonly kid: string }>;
  /**
   * Takes a key out of the document; it can still sign. Without `kid`: every key but the signing one. Returns what was
   * withdrawn.
   *
   * @throws `RangeError` for a `kid` that the issuer does not have.
   */
  withdraw(kid?: string): readonly string[];
  /** All keys, oldest first, the withdrawn ones too. */
  keys(): readonly JwksKey[];
  /** Requests for the document since the start or the last {@link reset}. */
  requests(): number;
  /**
   * Grows whenever someone who caches keys may be without the right ones: other keys were published until a {@link
   * reset}, or none could be had.
   */
  keyChanges(): number;
  /** Nobody listens: connections are refused, those that were open are destroyed. Healed on the same port. */
  down(): Fault;
  /**
   * The document is answered this many milliseconds later. Several add up; healing answers at once what still waits.
   */
  latency(latencyMs: number): Fault;
  /** Throws `EnvironmentError` where the document is not served, or lists other keys than it should. */
  ready(signal: AbortSignal): Promise<void>;
  /** The keys of now are what {@link reset} goes back to. Until then it is the first key. */
  snapshot(signal: AbortSignal): Promise<void>;
  /** Heals what is broken, goes back to the keys of the snapshot, and proves it by the served document. */
  reset(signal: AbortSignal): Promise<void>;
}
