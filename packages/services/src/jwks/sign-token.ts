import type { Json } from '@chaos/spec';
import type { IssueOptions } from './jwks-server.js';
import type { Signer } from './key-ring.js';

const ALGORITHMS = ['ES256', 'ES384', 'HS256', 'none'] as const;

/** Complete specification of a token: content and signature. */
export interface TokenRequest {
  readonly claims: Readonly<Record<string, Json>>;
  readonly signer: Signer;
  readonly expiresInMs: number;
  readonly algorithm: NonNullable<IssueOptions['algorithm']>;
  readonly issuer: string;
  readonly audience: string;
}

/** Signs a token, or forges one if the algorithm is not ES256. */
export async function signToken(request: TokenRequest): Promise<string> {
  const { signer, algorithm } = request;
  if (!ALGORITHMS.includes(algorithm))
    throw new TypeError(
      `Cannot issue a token: algorithm is ${JSON.stringify(algorithm)}, allowed are ${ALGORITHMS.join(', ')}`,
    );
  const { SignJWT, UnsecuredJWT, exportSPKI, generateKeyPair } = await import('jose');
  const claims = claimsOf(request);
  if (algorithm === 'none') return new UnsecuredJWT(claims).encode();
  const token = new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: signer.kid, typ: 'JWT' });
  if (algorithm === 'HS256') return token.sign(new TextEncoder().encode(await exportSPKI(signer.publicKey)));
  return token.sign(algorithm === 'ES384' ? (await generateKeyPair('ES384')).privateKey : signer.privateKey);
}

function claimsOf({ claims, expiresInMs, issuer, audience }: TokenRequest): Record<string, Json> {
  if (!Number.isFinite(expiresInMs))
    throw new RangeError(`Cannot issue a token: expiresInMs is ${String(expiresInMs)}, a finite number is needed`);
  const now = Date.now();
  // Rounded away from now, so that a short life does not end at once, and an expired token is not valid for the rest of
  // this second.
  const exp = (expiresInMs > 0 ? Math.ceil : Math.floor)((now + expiresInMs) / 1000);
  const all: Record<string, Json> = {
    sub: 'user-1',
    roles: ['user'],
    iss: issuer,
    aud: audience,
    iat: Math.floor(now / 1000),
    exp,
    ...claims,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
