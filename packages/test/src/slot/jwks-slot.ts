import type { Json, SlotContext, SlotFixture } from '@chaos/spec';
import type { IssueOptions, JwksServer } from '@chaos/services/jwks';
import { defineSlotFixture, objectOf } from './define-slot-fixture.js';

/**
 * The slot's JWKS issuer. Address `{ url, issuer, audience, external }`. Methods: `issue [claims, options]` → token,
 * `rotate` → `{ kid }`, `withdraw [kid?]` → the withdrawn kids, `keys`, `requests`, `keyChanges`. Faults: `down`,
 * `latency { latencyMs }`.
 */
export function jwksSlot(): SlotFixture {
  return defineSlotFixture<JwksServer>({
    name: 'jwks',
    needs: [],
    start,
    address: ({ url, issuer, audience, external }) => ({ url, issuer, audience, external }),
    check: (jwks, signal) => jwks.ready(signal),
    snapshot: (jwks, signal) => jwks.snapshot(signal),
    reset: (jwks, signal) => jwks.reset(signal),
    faults: {
      down: (jwks) => jwks.down(),
      latency: (jwks, { latencyMs }) => jwks.latency(latencyMs as number),
    },
    methods: {
      issue: (jwks, [claims, options]) =>
        jwks.issue(objectOf(claims, 'issue a token', {}), objectOf(options, 'issue a token', {}) as IssueOptions),
      rotate: (jwks) => jwks.rotate(),
      withdraw: async (jwks, [kid]) => jwks.withdraw((kid as string | null | undefined) ?? undefined),
      keys: async (jwks) => jwks.keys() as unknown as Json,
      requests: async (jwks) => jwks.requests(),
      keyChanges: async (jwks) => jwks.keyChanges(),
    },
  });
}

async function start({ config, takePort }: SlotContext): Promise<JwksServer> {
  const { startJwks, useJwks } = await import('@chaos/services/jwks');
  const { url } = config.services.jwks;
  return url === undefined ? startJwks({ port: await takePort('jwks') }) : useJwks({ url });
}
