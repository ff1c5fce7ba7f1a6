import { createTokenVerifier, identityOf } from '../auth/token-verifier.js';
import type { Defect } from '../composition/defect.js';

const MOST = 1000;

/**
 * Remembers verified tokens, to save the work, by the short part of them: the signature. A caller then chooses the
 * claims. Known from bug reports of caching authenticators, which cut or hashed too little of their key.
 */
export const defect: Defect = {
  tokenVerifier: (options) => {
    const verifier = createTokenVerifier(options);
    const verified = new Set<string>();
    return {
      async verify(token) {
        const { decodeJwt } = await import('jose');
        const signature = token.split('.')[2] ?? '';
        if (verified.has(signature)) {
          const identity = identityOf(decodeJwt(token));
          if (identity.expiresAt * 1000 > Date.now()) return identity;
        }
        const identity = await verifier.verify(token);
        if (verified.size >= MOST) verified.clear();
        verified.add(signature);
        return identity;
      },
    };
  },
};
