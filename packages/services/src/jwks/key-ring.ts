import type { CryptoKey, JWK } from 'jose';
import type { JwksKey } from './jwks-server.js';

/** Key that signs a token. */
export interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** The keys of an issuer: one of them signs, and the published ones are in the document. */
export interface KeyRing {
  rotate(): Promise<{ kid: string }>;
  withdraw(kid?: string): readonly string[];
  keys(): readonly JwksKey[];
  /** The JWK set, as the document has it. */
  document(): { readonly keys: readonly JWK[] };
  /** Signs for an unknown `kid` with a key that is never published. */
  signer(kid?: string): Promise<Signer>;
  snapshot(): void;
  /** Returns true if the published keys had been others. */
  restore(): boolean;
}

interface Key extends Signer {
  readonly jwk: JWK;
}

interface State {
  readonly keys: readonly Key[];
  readonly published: ReadonlySet<string>;
  readonly signing: Key;
}

/** Creates a ring with one ES256 key, and remembers it as its snapshot. */
export async function createKeyRing(): Promise<KeyRing> {
  const first = await createKey();
  let state: State = { keys: [first], published: new Set([first.kid]), signing: first };
  let remembered = state;
  let stranger: Key | undefined;

  function known(kid: string): Key {
    const key = state.keys.find((candidate) => candidate.kid === kid);
    if (!key)
      throw new RangeError(
        `Cannot withdraw a key that the issuer does not have: kid is ${JSON.stringify(kid)}, ` +
          `known are ${state.keys.map((candidate) => candidate.kid).join(', ')}`,
      );
    return key;
  }

  return {
    async rotate() {
      const key = await createKey();
      state = { keys: [...state.keys, key], published: new Set([...state.published, key.kid]), signing: key };
      return { kid: key.kid };
    },
    withdraw(kid) {
      const chosen = kid === undefined ? state.keys.filter((key) => key !== state.signing) : [known(kid)];
      const gone = chosen.map((key) => key.kid).filter((candidate) => state.published.has(candidate));
      state = { ...state, published: new Set([...state.published].filter((candidate) => !gone.includes(candidate))) };
      return gone;
    },
    keys: () =>
      state.keys.map((key) => ({
        kid: key.kid,
        published: state.published.has(key.kid),
        signing: key === state.signing,
      })),
    document: () => ({ keys: state.keys.filter((key) => state.published.has(key.kid)).map((key) => key.jwk) }),
    async signer(kid) {
      if (kid === undefined) return state.signing;
      const own = state.keys.find((key) => key.kid === kid);
      if (own) return own;
      stranger ??= await createKey();
      return { ...stranger, kid };
    },
    snapshot() {
      remembered = state;
    },
    restore() {
      const changed =
        state.published.size !== remembered.published.size ||
        [...remembered.published].some((kid) => !state.published.has(kid));
      state = remembered;
      return changed;
    },
  };
}

async function createKey(): Promise<Key> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } };
}
