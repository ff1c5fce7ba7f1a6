import { validateHeaderValue } from 'node:http';
import { activeFault, type ActiveFault, type Fault } from '@chaos/spec';
import type { DocumentServer, OtherAnswer } from './document-server.js';

/** Faults of a JWKS issuer. */
export interface JwksFaults {
  down(): Fault;
  latency(latencyMs: number): Fault;
  answers(other: OtherAnswer): Fault;
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
    answers(other) {
      checkAnswer(other);
      return {
        name: `jwks answers ${describeAnswer(other)}`,
        async inject(signal) {
          signal.throwIfAborted();
          const healed = new AbortController();
          server.answerOtherwise(other, healed.signal);
          return activate(async () => healed.abort());
        },
      };
    },
    async healAll() {
      for (const fault of [...active].reverse()) await fault.heal();
    },
  };
}

const MOST_BYTES = 100_000_000;

function checkAnswer({ status = 200, body = '', repeat = 1, type = '' }: OtherAnswer): void {
  const refuse = (what: string, allowed: string): never => {
    throw new RangeError(`Cannot change the answer of the JWKS issuer: ${what}, ${allowed} is allowed`);
  };
  if (!Number.isInteger(status) || status < 200 || status > 599) refuse(`status is ${String(status)}`, '200…599');
  if (!Number.isInteger(repeat) || repeat < 1 || body.length * repeat > MOST_BYTES)
    refuse(`a body of ${body.length} characters is sent ${String(repeat)} times`, `1…${MOST_BYTES} characters in all`);
  try {
    validateHeaderValue('content-type', type);
  } catch {
    refuse(`type is ${JSON.stringify(type)}`, 'a Content-Type in one line of Latin characters');
  }
}

/** An answer in a few words, for the name of the fault. */
export function describeAnswer({ status = 200, body, repeat = 1 }: OtherAnswer): string {
  if (body === undefined) return `status ${status}`;
  const text = body.length * repeat > 40 ? `${body.length * repeat} characters` : JSON.stringify(body);
  return status === 200 ? text : `status ${status}, ${text}`;
}
