import {
  activeFault,
  checkMilliseconds,
  checkRange,
  isChaosError,
  CapabilityMissing,
  type ActiveFault,
  type Fault,
  type LinkFaultOptions,
  type ResolvedConfig,
} from '@chaos/spec';
import type { NetworkFault, Shaper } from '@chaos/net-tc';
import type { LinkFaultName } from '../link-faults.js';
import { packetFault } from './packet-faults.js';

/** A link, as its faults are put on it. */
export interface LinkPlace {
  readonly name: string;
  /** Where its proxy listens, on the loopback device. */
  readonly port: number;
  /** What the proxy can do, by name; absent what it cannot. */
  readonly proxied: Partial<Readonly<Record<LinkFaultName, (options: object) => Fault>>>;
}

/** Chooses what breaks a link: its proxy, or the packets on the slot's loopback device. */
export interface LinkBackends extends AsyncDisposable {
  fault(link: LinkPlace, name: LinkFaultName, options: object): Fault;
  /** Faults of packets that are in force. */
  active(): number;
}

/** Where links are, and what the configuration wants. */
export interface LinkBackendsOptions {
  /** The slot has a network namespace of its own, whose packets may be touched. */
  readonly sandboxed: boolean;
  readonly backend: ResolvedConfig['network']['backend'];
  /** Resolves once the programs are there that packets are broken with. */
  readonly tools: Promise<void>;
}

/** A day. */
const VERIFY_TIMEOUT_MS = 30_000;

/**
 * `auto`: packets where the kernel is proven to have what this very fault needs, else the proxy. Nothing of it outlives
 * the slot's namespace, so there is no undo to write down.
 */
export function createLinkBackends({ sandboxed, backend, tools }: LinkBackendsOptions): LinkBackends {
  let opening: Promise<Shaper> | undefined;
  const inForce: Readonly<{ port: number; faults: readonly NetworkFault[] }>[] = [];
  let active = 0;

  async function shaper(signal: AbortSignal): Promise<Shaper> {
    await tools;
    const { openShaper } = await import('@chaos/net-tc');
    opening ??= openShaper({ device: 'lo', lease: { kind: 'none' } }, signal);
    opening.catch(() => (opening = undefined));
    return opening;
  }

  async function shape(
    faults: readonly NetworkFault[],
    port: number,
    { durationMs }: LinkFaultOptions,
    signal: AbortSignal,
  ): Promise<ActiveFault> {
    const fault = await (await shaper(signal)).add(faults, signal);
    const own = { port, faults };
    inForce.push(own);
    let healed: Promise<void> | undefined;
    let timer: NodeJS.Timeout | undefined;
    const mend = async (): Promise<void> => {
      await fault.heal();
      inForce.splice(inForce.indexOf(own), 1);
      // Not counted off before: a link that is not well again must not be used by the next test.
      await verified(port, AbortSignal.timeout(VERIFY_TIMEOUT_MS));
      active--;
    };
    const heal = (): Promise<void> => {
      clearTimeout(timer);
      return (healed ??= mend());
    };
    active++;
    try {
      await verified(port, signal);
    } catch (error) {
      await heal().catch(() => {});
      throw error;
    }
    // Whoever heals it at the end is told of what fails here.
    if (durationMs !== undefined) timer = setTimeout(() => void heal().catch(() => {}), durationMs).unref();
    return activeFault(heal);
  }

  // What was measured while another fault came or went says nothing.
  async function verified(port: number, signal: AbortSignal): Promise<void> {
    const { verifyLoopback } = await import('@chaos/net-tc');
    for (;;) {
      const before = [...inForce];
      try {
        return await verifyLoopback({
          faults: inForce.filter((one) => one.port === port).flatMap(({ faults }) => faults),
          port,
          signal,
        });
      } catch (error) {
        if (before.length === inForce.length && before.every((one, index) => one === inForce[index])) throw error;
      }
    }
  }

  return {
    fault(link, name, options) {
      const { backend: asked, toxicity = 1 } = checked(options);
      const wanted = asked ?? backend;
      // Packets do not know whose connection they are of.
      const packets = toxicity < 1 ? undefined : packetFault(name, options, link.port);
      const proxied = link.proxied[name]?.(options);
      if (wanted === 'proxy' || packets === undefined) {
        if (toxicity < 1 && (asked === 'tc' || proxied === undefined))
          throw new TypeError(
            `Cannot break a share of the connections of the link ${link.name} by ${name} of packets: current toxicity is ${toxicity}, only faults of the proxy know connections`,
          );
        if (asked === 'tc')
          throw new TypeError(`Cannot ${name} the link ${link.name} by tc: packets cannot have it, only the proxy can`);
        if (proxied === undefined)
          throw new CapabilityMissing(`link.${name}`, 'it is a fault of packets, and the backend is the proxy', {
            hint: 'Set network.backend to auto.',
          });
        return proxied;
      }
      if (!sandboxed) {
        if (wanted === 'auto' && proxied) return proxied;
        throw new CapabilityMissing(
          `link.${name}`,
          'the slot has no network namespace of its own, whose packets could be broken',
          { hint: 'See network.sandbox in the configuration, and `chaos doctor`.' },
        );
      }
      return {
        name: `link ${link.name} ${name}`,
        async inject(signal) {
          try {
            return await shape(packets, link.port, options, signal);
          } catch (error) {
            if (wanted !== 'auto' || proxied === undefined || !isChaosError(error, 'CAPABILITY_MISSING')) throw error;
            return proxied.inject(signal);
          }
        },
      };
    },
    active: () => active,
    async [Symbol.asyncDispose]() {
      await (await opening)?.[Symbol.asyncDispose]();
    },
  };
}

/** The options that all faults have. @throws RangeError with the value that is wrong */
function checked(options: object): LinkFaultOptions {
  const { toxicity = 1, durationMs = 0 } = options as LinkFaultOptions;
  checkRange('toxicity', toxicity, { least: 0, most: 1 });
  checkMilliseconds('durationMs', durationMs);
  return options;
}
