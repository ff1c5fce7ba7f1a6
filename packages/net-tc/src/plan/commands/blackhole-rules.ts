import type { ResolvedFault } from '../../fault/resolve-fault.js';
import type { ResolvedMatch } from '../../fault/resolve-match.js';

/**
 * Selectors of the `ip rule`s that refuse what matches, each with the address family first. @throws TypeError for what
 * a routing rule cannot select
 */
export function blackholeRules(
  fault: Pick<ResolvedFault, 'match' | 'exclude' | 'direction'>,
  device: string,
): readonly (readonly string[])[] {
  if (device === 'lo')
    throw new TypeError(
      'Cannot blackhole a route on lo: local addresses are looked up before any rule; use partition: ' +
        'drop, reset or icmp',
    );
  if (fault.direction !== 'egress')
    throw new TypeError(
      `Cannot blackhole a route for ${fault.direction}: routes act on what leaves; use partition: drop`,
    );
  if (fault.exclude.length > 0) throw new TypeError('Cannot blackhole a route with exclude rules: use partition: drop');
  return fault.match.flatMap(selectors);
}

function selectors(match: ResolvedMatch): readonly (readonly string[])[] {
  const { protocol, destinationPorts, sourcePorts, destinationHosts, sourceHosts, family } = match;
  const hasPorts = destinationPorts.length + sourcePorts.length > 0;
  const families = family === undefined ? ([4, 6] as const) : [family];
  const choices: readonly (readonly (readonly string[])[])[] = [
    families.map((one) => [`-${one}`]),
    either(sourceHosts, (host) => ['from', host]),
    either(destinationHosts, (host) => ['to', host]),
    protocol === undefined && !hasPorts
      ? [[]]
      : (protocol === undefined ? ['tcp', 'udp'] : [protocol]).map((name) => ['ipproto', name]),
    either(sourcePorts, ({ from, to }) => ['sport', `${from}-${to}`]),
    either(destinationPorts, ({ from, to }) => ['dport', `${from}-${to}`]),
  ];
  return choices.reduce<readonly (readonly string[])[]>(
    (rows, options) => rows.flatMap((row) => options.map((option) => [...row, ...option])),
    [[]],
  );
}

function either<T>(values: readonly T[], words: (value: T) => readonly string[]): readonly (readonly string[])[] {
  return values.length === 0 ? [[]] : values.map(words);
}
