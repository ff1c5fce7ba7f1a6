import { fetchKeys } from '../auth/fetch-keys.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/** Asks the issuer for its keys at each token, so that they are always fresh. */
export const defect: Defect = {
  keySource: ({ url, timeoutMs }) => {
    const counts = { fetches: 0, failures: 0, keys: 0 };
    return {
      async key(keyId) {
        counts.fetches += 1;
        try {
          return (await fetchKeys(url, timeoutMs)).get(keyId);
        } catch (cause) {
          counts.failures += 1;
          throw new ServiceError('UNAVAILABLE', 'Cannot verify the token: its keys cannot be fetched', { cause });
        }
      },
      counts: () => ({ ...counts }),
      close() {},
    };
  },
};
