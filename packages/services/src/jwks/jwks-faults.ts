import { activeFault, type ActiveFault, type Fault } from '@chaos/spec';
import type { DocumentServer } from './document-server.js';

/** Faults of a JWKS issuer. */
export interface JwksFaults {
  down(): Fault;
  latency(latencyMs: number): Fault;
  /** Heals all active faults, whoever injected them. */
  healAll(): Promise<void>;
}

/** Faults on a document server. They need no journal, because they end with this process. */
export function createJwksFaults(server: DocumentServer): JwksFaults {
  const active = new Set<ActiveFault>();

  function activate(heal: () => Promise<void>): ActiveFault {
    const fault = activeFault(async () => {
      await heal();
      active.delete(fault);
    });
    active.add(fault);
    return fault;
  }

  return {
    down: () => ({
      name: 'jwks down',
      async inject(signal) {
        signal.throwIfAborted();
        const reason = {};
        const fault = activate(() => server.bringBack(reason));
        await server.takeDown(reason);
        if (signal.aborted) await fault.heal();
        signal.throwIfAborted();
        return fault;
      },
    }),
    latency(latencyMs) {
      if (!(latencyMs >= 0 && latencyMs <= 0x7fff_ffff))
        throw new RangeError(
          `Cannot slow the JWKS issuer down: latencyMs is ${String(latencyMs)}, 0…2147483647 is allowed`,
        );
      return {
        name: `jwks latency ${latencyMs} ms`,
        async inject(signal) {
          signal.throwIfAborted();
          const healed = new AbortController();
          server.slowDown(latencyMs, healed.signal);
          return activate(async () => healed.abort());
        },
      };
    },
    async healAll() {
      for (const fault of [...active].reverse()) await fault.heal();
    },
  };
}
