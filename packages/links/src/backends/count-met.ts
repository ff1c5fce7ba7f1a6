import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Proxy } from '@chaos/net-proxy';
import { activeFault, ChaosError, type Fault, type FaultMet } from '@chaos/spec';
import { definitionOf, type LinkFaultName } from '../link.js';
import { refusedConnects } from './refused-connects.js';

const INTERVAL_MS = 10;
const PROVE_MS = 10_000;

/** What {@link countMet} needs to know of a fault. */
export interface Counted {
  readonly proxy: Proxy;
  readonly name: LinkFaultName;
  readonly options: object;
  /** What makes the fault: the proxy, or the kernel. */
  readonly backend: 'proxy' | 'packets';
  /** True in a network namespace of our own, whose refused connections are those of the slot. */
  readonly sandboxed: boolean;
}

interface Traffic {
  readonly connections: number;
  readonly bytes: number;
  readonly refused: number;
}

/**
 * The same fault, which says what it met of the traffic of its link, and proves that it is in force. A fault of whole
 * connections meets those that are open and new ones; any other meets new connections and bytes. One of HTTP counts
 * answers itself.
 */
export function countMet(fault: Fault, counted: Counted): Fault {
  const { proxy, name, options, backend, sandboxed } = counted;
  const definition = definitionOf(name);
  if (definition.http) return fault;
  const isWhole = definition.wholeConnections?.(options) === true;
  const hides = definition.hides?.(options, backend) === true;
  return {
    ...fault,
    async inject(signal) {
      // Those that are open now; injecting may end them.
      const open = isWhole ? proxy.connections() : 0;
      const active = await fault.inject(signal);
      let before = trafficOf(proxy);
      let last: Traffic | undefined;
      const timer =
        fault.durationMs === undefined
          ? undefined
          : setTimeout(() => (last ??= trafficOf(proxy)), fault.durationMs).unref();
      const met = (): FaultMet | undefined => {
        const after = last ?? trafficOf(proxy);
        const connections = open + after.connections - before.connections;
        const bytes = after.bytes - before.bytes;
        if (!hides || connections + bytes > 0) return isWhole ? { connections } : { connections, bytes };
        if (!sandboxed || backend === 'packets' || Number.isNaN(after.refused)) return undefined;
        return { connections, refused: after.refused - before.refused };
      };
      return activeFault(
        async () => {
          clearTimeout(timer);
          last ??= trafficOf(proxy);
          await active.heal();
        },
        {
          met,
          async prove(proving) {
            const proof = await prove(counted, hides, proving);
            before = trafficOf(proxy);
            return proof;
          },
        },
      );
    },
  };
}

function trafficOf(proxy: Proxy): Traffic {
  const { connections, upstreamReceivedBytes, downstreamReceivedBytes } = proxy.totals();
  return { connections, bytes: upstreamReceivedBytes + downstreamReceivedBytes, refused: refusedConnects() };
}

// Faults of packets were measured when they were put in force. A fault that comes and goes refuses in its turn.
async function prove({ proxy, backend }: Counted, refuses: boolean, signal: AbortSignal): Promise<string> {
  if (backend === 'packets') return 'packets of our own were measured when it was put in force';
  const giveUpMs = performance.now() + PROVE_MS;
  let answer = await knock(proxy, signal);
  while (refuses && answer === 'accepted' && performance.now() < giveUpMs) {
    await wait(INTERVAL_MS, undefined, { signal });
    answer = await knock(proxy, signal);
  }
  const inForce = proxy.toxics().length;
  if (answer === 'accepted' && (refuses || inForce === 0))
    throw new ChaosError(
      'FAULT_UNVERIFIED',
      `Cannot prove that the link ${proxy.name} is broken: a connection of our own was accepted`,
    );
  return `a connection of our own ${answer === 'accepted' ? `went through ${inForce} fault${inForce === 1 ? '' : 's'}` : `was ${answer}`}`;
}

function knock({ listen }: Proxy, signal: AbortSignal): Promise<'accepted' | 'refused' | 'reset'> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...listen, signal });
    const end = (answer: 'accepted' | 'refused' | 'reset'): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end('accepted'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(error);
      else end(error.code === 'ECONNREFUSED' ? 'refused' : 'reset');
    });
  });
}
