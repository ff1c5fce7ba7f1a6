import { ServiceError } from '../service-error.js';
import type { TokenVerifier } from './token-verifier.js';

/**
 * Gives up a verification that takes longer than a request may: cryptography runs in a pool of threads, which files and
 * name lookups may occupy.
 */
export function withDeadline(verifier: TokenVerifier, timeoutMs: number): TokenVerifier {
  return {
    async verify(token) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new ServiceError('UNAVAILABLE', `The token could not be verified within ${timeoutMs} ms`)),
          timeoutMs,
        );
      });
      try {
        return await Promise.race([verifier.verify(token), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
