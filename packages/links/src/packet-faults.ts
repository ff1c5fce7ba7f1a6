import type { NetworkFault } from '@chaos/net-tc';
import type { LinkFaultDefinition } from './define-link-fault.js';
import type { LinkFaultName, LinkFaultOptions } from './link.js';
import { LINK_FAULTS } from './link-faults.js';

/**
 * The fault on the packets of the connections to a port of the loopback device; `undefined` where packets cannot have
 * it.
 */
export function packetFaults(name: LinkFaultName, options: object, port: number): readonly NetworkFault[] | undefined {
  const { direction } = options as LinkFaultOptions;
  const effect = (LINK_FAULTS[name] as unknown as LinkFaultDefinition<object>).packets?.(options);
  if (!effect) return undefined;
  const upstream = { match: { protocol: 'tcp', destinationPorts: [port] }, ...effect } as const;
  const downstream = { match: { protocol: 'tcp', sourcePorts: [port] }, ...effect } as const;
  // Two faults, for each direction is a line of its own: a shared one would halve a bandwidth.
  return [...(direction === 'downstream' ? [] : [upstream]), ...(direction === 'upstream' ? [] : [downstream])];
}
