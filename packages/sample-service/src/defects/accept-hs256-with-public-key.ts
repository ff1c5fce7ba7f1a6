import { createTokenVerifier, identityOf } from '../auth/token-verifier.js';
import type { Defect } from '../composition/defect.js';

/**
 * Lets the token choose between signature and shared secret, and has one key for both: the public one. Known from bug
 * reports of JWT libraries (algorithm confusion, CVE-2015-9235).
 */
export const defect: Defect = {
  tokenVerifier: (options) => {
    const verifier = createTokenVerifier(options);
    const { issuer, audience, keys } = options;
    return {
      async verify(token) {
        const { exportSPKI, jwtVerify } = await import('jose');
        const secretOf = async ({ kid = '' }: { kid?: string }): Promise<Uint8Array> => {
          const key = await keys.key(kid);
          return new TextEncoder().encode(key === undefined ? '' : await exportSPKI(key));
        };
        try {
          return identityOf((await jwtVerify(token, secretOf, { issuer, audience, algorithms: ['HS256'] })).payload);
        } catch {
          return verifier.verify(token);
        }
      },
    };
  },
};
