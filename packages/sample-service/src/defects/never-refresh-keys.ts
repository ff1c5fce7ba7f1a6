import { fetchKeys, type Keys } from '../auth/fetch-keys.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/** Keys are fetched once, at the first token, and kept for ever. */
export const defect: Defect = {
  keySource: ({ url, timeoutMs }) => {
    let keys: Promise<Keys> | undefined;
    const counts = { fetches: 0, failures: 0, keys: 0 };

    async function fetchOnce(): Promise<Keys> {
      counts.fetches += 1;
      try {
        const fetched = await fetchKeys(url, timeoutMs);
        counts.keys = fetched.size;
        return fetched;
      } catch (cause) {
        counts.failures += 1;
        keys = undefined;
        throw new ServiceError('UNAVAILABLE', 'Cannot verify the token: the keys of its issuer cannot be fetched', {
          cause,
        });
      }
    }

    return {
      key: async (keyId) => (await (keys ??= fetchOnce())).get(keyId),
      counts: () => ({ ...counts }),
      close() {},
    };
  },
};
