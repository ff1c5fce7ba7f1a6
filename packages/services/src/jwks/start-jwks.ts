import { EnvironmentError, type Fault } from '@chaos/spec';
import { createJwksFaults } from './jwks-faults.js';
import type { JwksServer } from './jwks-server.js';
import { createKeyRing, type KeyRing } from './key-ring.js';
import { serveDocument } from './document-server.js';
import { signToken } from './sign-token.js';

const PATH = '/.well-known/jwks.json';
const AUDIENCE = 'chaos';
const LIFE_MS = 300_000;

/**
 * Starts a JWKS issuer on 127.0.0.1 in this process: a real HTTP server, real keys. The document has no caching header.
 *
 * @param options `port`: 0 takes a free one; it stays the same while the issuer is down.
 * @throws `EnvironmentError` where the port is taken.
 */
export async function startJwks(options: { readonly port: number }): Promise<JwksServer> {
  const ring = await createKeyRing();
  const server = await serveDocument({ port: options.port, path: PATH, document: ring.document });
  const faults = createJwksFaults(server);
  const issuer = `http://127.0.0.1:${server.port}`;
  const url = `${issuer}${PATH}`;
  let keyChanges = 0;

  // A client that asked for keys meanwhile may lack them for the length of its cool-down.
  function disturbing(fault: Fault): Fault {
    return {
      ...fault,
      inject(signal) {
        keyChanges++;
        return fault.inject(signal);
      },
    };
  }

  const ready = (signal: AbortSignal): Promise<void> => assertServed(url, ring, signal);

  return {
    url,
    issuer,
    audience: AUDIENCE,
    external: false,
    async issue(claims = {}, { kid, expiresInMs = LIFE_MS, algorithm = 'ES256' } = {}) {
      return signToken({ claims, signer: await ring.signer(kid), expiresInMs, algorithm, issuer, audience: AUDIENCE });
    },
    rotate: ring.rotate,
    withdraw: ring.withdraw,
    keys: ring.keys,
    requests: server.requests,
    keyChanges: () => keyChanges,
    down: () => disturbing(faults.down()),
    latency: (latencyMs) => disturbing(faults.latency(latencyMs)),
    answers: (other) => disturbing(faults.answers(other)),
    ready,
    async snapshot(signal) {
      signal.throwIfAborted();
      ring.snapshot();
    },
    async reset(signal) {
      await faults.healAll();
      if (ring.restore()) keyChanges++;
      await ready(signal);
      server.forgetRequests();
    },
    [Symbol.asyncDispose]: () => server.takeDown(ring),
  };
}

async function assertServed(url: string, ring: KeyRing, signal: AbortSignal): Promise<void> {
  const expected = ring
    .document()
    .keys.map((key) => key.kid)
    .join(', ');
  const served = await servedKeys(url, signal);
  if (served !== expected)
    throw new EnvironmentError(
      `Cannot use the JWKS issuer at ${url}: its keys are ${served || 'none'}, expected ${expected || 'none'}`,
      { data: { url, served, expected } },
    );
}

async function servedKeys(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { signal, headers: { connection: 'close' } });
    const { keys } = (await response.json()) as { keys: readonly { kid: string }[] };
    return keys.map((key) => key.kid).join(', ');
  } catch (cause) {
    signal.throwIfAborted();
    throw new EnvironmentError(`Cannot use the JWKS issuer at ${url}: the document is not served`, {
      cause,
      data: { url },
    });
  }
}
