import type { NetworkFault } from '@chaos/net-tc';
import { definitionOf, type LinkFaultName, type LinkFaultOptions } from '../link.js';

/**
 * The fault on the packets of the connections to a port of the loopback device; `undefined` where packets cannot have
 * it.
 */
export function packetFaults(name: LinkFaultName, options: object, port: number): readonly NetworkFault[] | undefined {
  const { direction } = options as LinkFaultOptions;
  const effect = definitionOf(name).packets?.(options);
  if (!effect) return undefined;
  const upstream = { match: { protocol: 'tcp', destinationPorts: [port] }, ...effect } as const;
  const downstream = { match: { protocol: 'tcp', sourcePorts: [port] }, ...effect } as const;
  // Two faults, for each direction is a line of its own: a shared one would halve a bandwidth.
  return [...(direction === 'downstream' ? [] : [upstream]), ...(direction === 'upstream' ? [] : [downstream])];
}
