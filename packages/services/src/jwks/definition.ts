import type { Fault, Json, ServiceDefinition } from '@chaos/spec';
import { jwksDescription } from './description.js';
import type { OtherAnswer } from './document-server.js';
import type { IssueOptions, JwksServer } from './jwks-server.js';

type Address = {
  readonly url: string;
  readonly issuer: string;
  readonly audience: string;
  readonly external: boolean;
};

interface Faults {
  down(jwks: JwksServer): Fault;
  latency(jwks: JwksServer, options: { readonly latencyMs: number }): Fault;
  answers(jwks: JwksServer, other: OtherAnswer & { readonly [key: string]: Json }): Fault;
}

interface Methods {
  issue(
    jwks: JwksServer,
    signal: AbortSignal,
    claims?: Readonly<Record<string, Json>> | null,
    options?: IssueOptions | null,
  ): Promise<string>;
  rotate(jwks: JwksServer): Promise<{ readonly kid: string }>;
  withdraw(jwks: JwksServer, signal: AbortSignal, kid?: string | null): Promise<readonly string[]>;
  keys(jwks: JwksServer): Promise<Json>;
  requests(jwks: JwksServer): Promise<number>;
}

/** The slot's token issuer. */
export const jwks: ServiceDefinition<'jwks', JwksServer, Address, Faults, Methods> = {
  ...jwksDescription,
  async start({ takePort }) {
    const { startJwks } = await import('./start-jwks.js');
    return startJwks({ port: await takePort('jwks') });
  },
  async use(_, url) {
    const { useJwks } = await import('./use-jwks.js');
    return useJwks({ url });
  },
  address: ({ url, issuer, audience, external }) => ({ url, issuer, audience, external }),
  faults: {
    down: (jwks) => jwks.down(),
    latency: (jwks, { latencyMs }) => jwks.latency(latencyMs),
    answers: (jwks, other) => jwks.answers(other),
  },
  methods: {
    issue: (jwks, _, claims, options) => jwks.issue(claims ?? {}, options ?? {}),
    rotate: (jwks) => jwks.rotate(),
    withdraw: async (jwks, _, kid) => jwks.withdraw(kid ?? undefined),
    keys: async (jwks) => jwks.keys() as unknown as Json,
    requests: async (jwks) => jwks.requests(),
  },
  generation: (jwks) => jwks.keyChanges(),
};

/** Type of the definition: its address, faults and methods. */
export type JwksDefinition = typeof jwks;
