import { isChaosError, CapabilityMissing, type ActiveFault, type Fault, type LinkFaultOptions, type ResolvedConfig } from '@chaos/spec';
import type { Shaper } from '@chaos/net-tc';
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

/**
 * `auto`: packets where the kernel is proven to have what this very fault needs, else the proxy. Nothing of it outlives the slot's namespace,
 * so there is no undo to write down.
 */
export function createLinkBackends({ sandboxed, backend, tools }: LinkBackendsOptions): LinkBackends {
  let opening: Promise<Shaper> | undefined;
  let active = 0;

  async function shaper(signal: AbortSignal): Promise<Shaper> {
    await tools;
    const { openShaper } = await import('@chaos/net-tc');
    opening ??= openShaper({ device: 'lo', lease: { kind: 'none' } }, signal);
    opening.catch(() => (opening = undefined));
    return opening;
  }

  async function shape(faults: NonNullable<ReturnType<typeof packetFault>>, signal: AbortSignal): Promise<ActiveFault> {
    const fault = await (await shaper(signal)).add(faults, signal);
    active++;
    let healed: Promise<void> | undefined;
    const heal = (): Promise<void> => (healed ??= fault.heal().then(() => void active--));
    return { heal, [Symbol.asyncDispose]: heal };
  }

  return {
    fault(link, name, options) {
      const { backend: asked } = options as LinkFaultOptions;
      const wanted = asked ?? backend;
      const packets = packetFault(name, options, link.port);
      const proxied = link.proxied[name]?.(options);
      if (wanted === 'proxy' || packets === undefined) {
        if (asked === 'tc') throw new TypeError(`Cannot ${name} the link ${link.name} by tc: packets cannot have it, only the proxy can`);
        if (proxied === undefined) throw new CapabilityMissing(`link.${name}`, 'it is a fault of packets, and the backend is the proxy', { hint: 'Set network.backend to auto.' });
        return proxied;
      }
      if (!sandboxed) {
        if (wanted === 'auto' && proxied) return proxied;
        throw new CapabilityMissing(`link.${name}`, 'the slot has no network namespace of its own, whose packets could be broken', { hint: 'See network.sandbox in the configuration, and `chaos doctor`.' });
      }
      return {
        name: `link ${link.name} ${name}`,
        async inject(signal) {
          try {
            return await shape(packets, signal);
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
