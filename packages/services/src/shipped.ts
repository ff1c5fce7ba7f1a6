import type { Json, ServiceDefinition } from '@chaos/spec';

const SERVICES: Readonly<Record<string, () => Promise<ServiceDefinition>>> = {
  postgres: async () => (await import('./postgres/definition.js')).postgres,
  redis: async () => (await import('./redis/definition.js')).redis,
  jwks: async () => (await import('./jwks/definition.js')).jwks,
};

/** The definition of a service that ships with chaos; `undefined` for an unknown name. */
export async function shippedService(name: string): Promise<ServiceDefinition | undefined> {
  return Object.hasOwn(SERVICES, name) ? SERVICES[name]?.() : undefined;
}

/** The `prepare` functions of all of them, by name: called while a network is available. */
export const prepare: Readonly<Record<string, (options: { readonly signal: AbortSignal }) => Promise<Json>>> =
  Object.fromEntries(
    Object.entries(SERVICES).map(([name, load]) => [
      name,
      async (options) => (await (await load()).prepare?.(options)) ?? null,
    ]),
  );
