import { ChaosError, EnvironmentError } from '@chaos/spec';
import type { JwksServer } from './jwks-server.js';

/**
 * An external issuer: the target can get its address, and its link can be broken. Faults and methods that need its keys
 * or its process are refused with code `FAULT_REFUSED`.
 *
 * @param options `url` of the document; `issuer` and `audience` as in its tokens (default: the origin of `url`, and
 * `chaos`).
 */
export function useJwks(options: {
  readonly url: string;
  readonly issuer?: string;
  readonly audience?: string;
}): JwksServer {
  const { url, issuer = new URL(options.url).origin, audience = 'chaos' } = options;

  function refuse(what: string): never {
    throw new ChaosError('FAULT_REFUSED', `Cannot ${what}: the JWKS issuer is external, at ${url}`, {
      data: { url },
      hint: 'Remove services.jwks.url to let us start one of our own.',
    });
  }

  return {
    url,
    issuer,
    audience,
    external: true,
    issue: async () => refuse('issue a token'),
    rotate: async () => refuse('rotate the signing key'),
    withdraw: () => refuse('withdraw a key'),
    keys: () => refuse('list the keys'),
    requests: () => refuse('count requests'),
    keyChanges: () => 0,
    down: () => refuse('take it down'),
    latency: () => refuse('slow it down'),
    answers: () => refuse('change its answers'),
    async ready(signal) {
      const response = await fetch(url, { signal }).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new EnvironmentError(`Cannot reach the JWKS issuer at ${url}`, { cause, data: { url } });
      });
      await response.body?.cancel();
      if (!response.ok)
        throw new EnvironmentError(`Cannot use the JWKS issuer at ${url}: its answer is ${response.status}`, {
          data: { url, status: response.status },
        });
    },
    snapshot: async () => undefined,
    async reset(signal) {
      await this.ready(signal);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
