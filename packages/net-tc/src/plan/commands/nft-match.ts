import type { PortRange, ResolvedMatch } from '../../fault/resolve-match.js';

/**
 * The expressions of one nft rule that hold for the packets of `match`; empty for all packets. Written as nft lists
 * them.
 */
export function nftMatch(match: ResolvedMatch): string {
  const { protocol, destinationPorts, sourcePorts, family, destinationHosts, sourceHosts } = match;
  const ports = destinationPorts.length + sourcePorts.length > 0;
  const header = protocol ?? 'th';
  const address = family === 6 ? 'ip6' : 'ip';
  return [
    ...(ports
      ? protocol === undefined
        ? ['meta l4proto { tcp, udp }']
        : []
      : protocol === undefined
        ? []
        : [`meta l4proto ${protocol}`]),
    ...(sourcePorts.length > 0 ? [`${header} sport ${oneOf(sourcePorts.map(range))}`] : []),
    ...(destinationPorts.length > 0 ? [`${header} dport ${oneOf(destinationPorts.map(range))}`] : []),
    ...(sourceHosts.length > 0 ? [`${address} saddr ${oneOf(sourceHosts)}`] : []),
    ...(destinationHosts.length > 0 ? [`${address} daddr ${oneOf(destinationHosts)}`] : []),
  ].join(' ');
}

function range({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `{ ${values.join(', ')} }`;
}
