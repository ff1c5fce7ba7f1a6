import type { Proxy } from '@chaos/net-proxy';
import type { NetworkFault } from '@chaos/net-tc';
import { CapabilityMissing, isChaosError, type Fault } from '@chaos/spec';
import { checkOptions } from '../check-options.js';
import { countMet } from './count-met.js';
import { faultTitle } from '../fault-title.js';
import { type LinkEnds, type LinkFaultName, type LinkFaultOptions } from '../link.js';
import { LoopbackPackets } from './loopback-packets.js';
import { packetFaults } from './packet-faults.js';
import { proxyFault } from './proxy-fault.js';

/** A link and the proxy that carries it, which listens on the loopback device. */
export interface LinkPlace extends LinkEnds {
  readonly proxy: Proxy;
}

/** Options of {@link createLinkBackends}. */
export interface LinkBackendsOptions {
  /** True where this process has a network namespace of its own, whose packets may be touched. */
  readonly sandboxed: boolean;
  /** `auto`: packets where the kernel is proven to have what a fault needs, else the proxy. */
  readonly backend: 'auto' | 'proxy' | 'tc';
  /** Folder of programs that packets are broken with where `PATH` has none; `undefined`: `PATH` is all there is. */
  readonly programs: Promise<string | undefined>;
}

/** Chooses the backend of each fault: the proxy of its link, or the packets on the loopback device. */
export interface LinkBackends extends AsyncDisposable {
  /**
   * @throws TypeError or RangeError for options that make no sense
   * @throws ChaosError `CAPABILITY_MISSING` where no backend that is allowed can make the fault
   */
  fault(link: LinkPlace, name: LinkFaultName, options: object): Fault;
  /** The number of faults of packets that are in force. */
  active(): number;
}

/** The backends of the links of one namespace. */
export function createLinkBackends(options: LinkBackendsOptions): LinkBackends {
  const packets = new LoopbackPackets(options.programs);
  return {
    fault: (link, name, faultOptions) => chooseFault({ ...options, link, name, packets }, faultOptions),
    active: () => packets.active,
    [Symbol.asyncDispose]: () => packets[Symbol.asyncDispose](),
  };
}

interface Choice extends LinkBackendsOptions {
  readonly link: LinkPlace;
  readonly name: LinkFaultName;
  readonly packets: LoopbackPackets;
}

function chooseFault(choice: Choice, options: object): Fault {
  const { link, name, backend, sandboxed } = choice;
  const { backend: asked, toxicity = 1 } = checkOptions(options);
  const wanted = asked ?? backend;
  // Packets do not know to which connection they belong.
  const faults = toxicity < 1 ? undefined : packetFaults(name, options, link.proxy.listen.port);
  const made = proxyFault(link.proxy, link, name, options);
  const proxied = made && countMet(made, { proxy: link.proxy, name, options, backend: 'proxy', sandboxed });
  if (wanted === 'proxy' || faults === undefined) return byProxy(choice, proxied, { asked, toxicity });
  if (sandboxed) return byPackets(choice, faults, options, wanted === 'auto' ? proxied : undefined);
  if (wanted === 'auto' && proxied) return proxied;
  throw new CapabilityMissing(
    `link.${name}`,
    'the slot has no network namespace of its own, whose packets could be broken',
    { hint: 'See network.sandbox in the configuration, and `chaos doctor`.' },
  );
}

function byProxy(
  { link, name }: Choice,
  proxied: Fault | undefined,
  { asked, toxicity }: { readonly asked: LinkFaultOptions['backend']; readonly toxicity: number },
): Fault {
  const title = `${link.from}→${link.to}`;
  if (toxicity < 1 && (asked === 'tc' || proxied === undefined))
    throw new TypeError(
      `Cannot break a share of the connections of the link ${title} by ${name} of packets: ` +
        `current toxicity is ${toxicity}, only faults of the proxy know connections`,
    );
  if (asked === 'tc')
    throw new TypeError(`Cannot ${name} the link ${title} by tc: packets cannot have it, only the proxy can`);
  if (proxied === undefined)
    throw new CapabilityMissing(`link.${name}`, 'it is a fault of packets, and the backend is the proxy', {
      hint: 'Set network.backend to auto.',
    });
  return proxied;
}

function byPackets(
  { link, name, packets, sandboxed }: Choice,
  faults: readonly NetworkFault[],
  options: LinkFaultOptions,
  instead: Fault | undefined,
): Fault {
  const { proxy } = link;
  const { durationMs } = options;
  const fault = {
    name: faultTitle(`link ${link.from}→${link.to}`, name, options),
    ...(durationMs !== undefined && { durationMs }),
    inject: (signal: AbortSignal) => packets.add(faults, proxy.listen.port, durationMs, signal),
  };
  const counted = countMet(fault, { proxy, name, options, backend: 'packets', sandboxed });
  return {
    name: fault.name,
    async inject(signal) {
      try {
        return await counted.inject(signal);
      } catch (error) {
        if (instead === undefined || !isChaosError(error, 'CAPABILITY_MISSING')) throw error;
        return instead.inject(signal);
      }
    },
  };
}
