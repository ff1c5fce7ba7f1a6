import { mergeCidrs, parseCidr, type Cidr } from './cidr.js';
import type { Match, Ports } from './match.js';

/** Ports with both ends. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A {@link Match} for one address family at most; an empty list stands for all. */
export interface ResolvedMatch {
  readonly protocol: 'tcp' | 'udp' | undefined;
  readonly family: 4 | 6 | undefined;
  readonly destinationPorts: readonly PortRange[];
  readonly sourcePorts: readonly PortRange[];
  readonly destinationHosts: readonly string[];
  readonly sourceHosts: readonly string[];
}

/** Checks matches and brings them into one form; one with hosts of both families becomes two. */
export function resolveMatches(matches: Match | readonly Match[] | undefined): readonly ResolvedMatch[] {
  if (matches === undefined) return [];
  return (Array.isArray(matches) ? (matches as readonly Match[]) : [matches as Match]).flatMap(resolveMatch);
}

function resolveMatch(match: Match): readonly ResolvedMatch[] {
  const { protocol } = match;
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp')
    throw new RangeError(
      `Cannot match packets: protocol must be tcp or udp, current value is ${JSON.stringify(protocol)}`,
    );
  const ports = {
    destinationPorts: resolvePorts(match.destinationPorts ?? []),
    sourcePorts: resolvePorts(match.sourcePorts ?? []),
  };
  const destination = (match.destinationHosts ?? []).map(parseCidr);
  const source = (match.sourceHosts ?? []).map(parseCidr);
  if (destination.length + source.length === 0)
    return [{ protocol, family: undefined, ...ports, destinationHosts: [], sourceHosts: [] }];
  const of = (hosts: readonly Cidr[], family: 4 | 6): readonly string[] =>
    mergeCidrs(hosts.filter((host) => host.family === family)).map(({ text }) => text);
  const split = ([4, 6] as const).map((family) => ({
    protocol,
    family,
    ...ports,
    destinationHosts: of(destination, family),
    sourceHosts: of(source, family),
  }));
  const possible = split.filter(
    ({ destinationHosts, sourceHosts }) =>
      destinationHosts.length > 0 === destination.length > 0 && sourceHosts.length > 0 === source.length > 0,
  );
  if (possible.length === 0)
    throw new RangeError(
      `Cannot match packets: no packet goes from ${JSON.stringify(match.sourceHosts)} to ` +
        `${JSON.stringify(match.destinationHosts)}, their families differ`,
    );
  return possible;
}

function resolvePorts(ports: readonly Ports[]): readonly PortRange[] {
  const ranges = ports.map((value) =>
    typeof value === 'number' ? { from: value, to: value } : { from: value.from, to: value.to },
  );
  for (const { from, to } of ranges)
    if (![from, to].every((port) => Number.isSafeInteger(port) && port >= 0 && port <= 65_535) || from > to)
      throw new RangeError(
        `Cannot match packets: ports must be whole numbers from 0 to 65535, current value is ${from === to ? from : `${from}-${to}`}`,
      );
  const merged: PortRange[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/**
 * True if protocol, family or ports prove that no packet can match both; unproven cases count as overlapping. A TCP
 * connection never has the same port at both ends.
 */
export function areDisjoint(a: ResolvedMatch, b: ResolvedMatch): boolean {
  const differ = (x: unknown, y: unknown): boolean => x !== undefined && y !== undefined && x !== y;
  const apart = (x: readonly PortRange[], y: readonly PortRange[]): boolean =>
    x.length > 0 && y.length > 0 && !x.some((one) => y.some((other) => one.from <= other.to && other.from <= one.to));
  return (
    differ(a.protocol, b.protocol) ||
    differ(a.family, b.family) ||
    apart(a.destinationPorts, b.destinationPorts) ||
    apart(a.sourcePorts, b.sourcePorts) ||
    isOtherWay(a, b) ||
    isOtherWay(b, a)
  );
}

function isOtherWay(to: ResolvedMatch, from: ResolvedMatch): boolean {
  const [only] = to.destinationPorts;
  const same =
    to.destinationPorts.length === 1 &&
    only?.from === only?.to &&
    JSON.stringify(to.destinationPorts) === JSON.stringify(from.sourcePorts);
  return same && to.protocol === 'tcp' && from.protocol === 'tcp';
}
