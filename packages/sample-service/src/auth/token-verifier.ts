import type { JWTPayload } from 'jose';
import { ServiceError } from '../service-error.js';
import type { Identity } from './identity.js';
import type { KeySource } from './key-source.js';

/** Decides whether a token is valid. */
export interface TokenVerifier {
  /** @throws ServiceError `INVALID_TOKEN` that names the claim, or `UNAVAILABLE` when it cannot be decided. */
  verify(token: string): Promise<Identity>;
}

/** Options of {@link createTokenVerifier}. */
export interface TokenVerifierOptions {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly audience: string;
  readonly clockToleranceMs: number;
}

// Asymmetric algorithms only: nobody can sign a token with the public key.
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'];

/** Verifies signature, issuer, audience and time of every token, every time. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keys, issuer, audience, clockToleranceMs } = options;
  return {
    async verify(token) {
      const { jwtVerify } = await import('jose');
      const keyOf = async ({ kid }: { kid?: string }) => {
        const key = kid === undefined ? undefined : await keys.key(kid);
        if (key === undefined) throw invalid('its key is not known (kid)');
        return key;
      };
      const verified = jwtVerify(token, keyOf, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: clockToleranceMs / 1000,
        requiredClaims: ['sub', 'exp'],
      });
      const { payload } = await verified.catch((error: unknown) => {
        throw refusal(error);
      });
      // jose compares whole seconds; the tolerance is in milliseconds.
      if (Date.now() >= (payload.exp as number) * 1000 + clockToleranceMs) throw invalid('its time is over (exp)');
      // An id of nobody must not become the id of somebody, nor a missing tenant that of another.
      if (typeof payload.sub !== 'string' || payload.sub === '') throw invalid('a claim is missing or wrong (sub)');
      if (!['string', 'undefined'].includes(typeof payload['tenant'])) throw invalid('a claim is wrong (tenant)');
      return identityOf(payload);
    },
  };
}

/** Reads the identity from the claims of a verified token. */
export function identityOf(payload: JWTPayload): Identity {
  const roles = Array.isArray(payload['roles']) ? payload['roles'].filter((role) => typeof role === 'string') : [];
  const { tenant = 'main' } = payload;
  return { subject: String(payload.sub), tenant: String(tenant), roles, expiresAt: Number(payload.exp) };
}

function invalid(why: string, cause?: unknown): ServiceError {
  return new ServiceError('INVALID_TOKEN', `The token is not valid: ${why}`, { cause });
}

function refusal(error: unknown): unknown {
  if (error instanceof ServiceError) return error;
  const { code, claim } = error as { code?: unknown; claim?: unknown };
  if (code === 'ERR_JWT_EXPIRED') return invalid('its time is over (exp)', error);
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
    return invalid(`a claim is missing or wrong (${String(claim)})`, error);
  if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return invalid('its signature is wrong', error);
  return invalid('it is malformed', error);
}
