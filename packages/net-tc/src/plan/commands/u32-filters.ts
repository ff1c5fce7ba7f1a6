import { ChaosError } from '@chaos/spec';
import { mergeCidrs, parseCidr } from '../../fault/cidr.js';
import type { PortRange, ResolvedMatch } from '../../fault/resolve-match.js';
import { combinations, type Group } from '../group-faults.js';
import { MOST_FILTERS } from './handles.js';

/** A filter of u32: the kernel has it everywhere, and it sees packets before nft does. All keys must hold. */
export interface U32Filter {
  readonly family: 'ip' | 'ipv6';
  readonly keys: readonly (readonly string[])[];
  /** Bits of the combination; 0 for packets that are let through untouched. */
  readonly bits: number;
}

/** Above the bits of groups. */
const FIRST_EXCLUDING_BIT = 256;
const PROTOCOLS = { tcp: '6', udp: '17' } as const;

/**
 * Filters in the order in which they are asked: combinations of more selections before those of fewer. What a group
 * excludes is a selection, too, which takes the group out again.
 */
export function u32Filters(groups: readonly Group[]): readonly U32Filter[] {
  const lists = [
    ...new Map(
      groups.filter(({ exclude }) => exclude.length > 0).map(({ exclude }) => [JSON.stringify(exclude), exclude]),
    ).values(),
  ];
  const excluding = lists.map((match, index): Group => ({
    bit: FIRST_EXCLUDING_BIT * 2 ** index,
    match,
    exclude: [],
    effects: [],
  }));
  const bitsOf = (bits: number): number => {
    const members = groups.filter(
      (group) =>
        (group.bit & bits) !== 0 &&
        !excluding.some(
          ({ bit, match }) => (bit & bits) !== 0 && JSON.stringify(match) === JSON.stringify(group.exclude),
        ),
    );
    return members.reduce((sum, { bit }) => sum | bit, 0);
  };
  const ordered = combinations([...groups, ...excluding])
    .map(({ bits }) => bits)
    .filter((bits) => bits % FIRST_EXCLUDING_BIT > 0)
    .sort((a, b) => popcount(b) - popcount(a) || a - b);
  const all = ordered.flatMap((bits) =>
    product([...groups, ...excluding].filter(({ bit }) => (bit & bits) !== 0).map(({ match }) => match)).flatMap(
      (matches) => filters(matches, bitsOf(bits)),
    ),
  );
  if (all.length > MOST_FILTERS)
    throw new ChaosError(
      'FAULT_CONFLICT',
      `Cannot choose packets by filters: these matches need ${all.length}, at most ${MOST_FILTERS} are allowed`,
      { hint: 'Use fewer or rounder port ranges (8192-8447 is one filter).' },
    );
  return all;
}

// Keys for all of `matches` at once, for each address family that they allow.
function filters(matches: readonly ResolvedMatch[], bits: number): readonly U32Filter[] {
  const families = new Set(matches.flatMap(({ family }) => (family === undefined ? [] : [family])));
  if (families.size > 1) return [];
  const open = families.size === 1 ? [...families] : ([4, 6] as const);
  return open
    .flatMap((family) =>
      product(matches.flatMap((match) => keyChoices(match, family))).map((keys) => ({
        family: family === 4 ? ('ip' as const) : ('ipv6' as const),
        keys: keys.flat(),
      })),
    )
    .filter(({ keys }) => !keys.some((key, at) => keys.slice(at + 1).some((other) => contradict(key, other))))
    .map(({ family, keys }) => ({ family, keys: keys.length > 0 ? unique(keys) : [['u32', '0', '0']], bits }));
}

// tc refuses a filter that no packet could match.
function contradict(
  [layer, field, value = '', mask = '']: Key,
  [otherLayer, otherField, otherValue = '', otherMask = '']: Key,
): boolean {
  if (layer !== otherLayer || field !== otherField || layer === 'u8') return false;
  if (field === 'src' || field === 'dst') {
    const blocks = [parseCidr(value), parseCidr(otherValue)];
    return mergeCidrs(blocks).length === 2;
  }
  return ((Number(value) ^ Number(otherValue)) & Number(mask) & Number(otherMask)) !== 0;
}

type Key = readonly string[];
type Keys = readonly Key[];

function keyChoices(match: ResolvedMatch, family: 4 | 6): readonly (readonly Keys[])[] {
  const { protocol, destinationPorts, sourcePorts, destinationHosts, sourceHosts } = match;
  const ip = family === 4 ? 'ip' : 'ip6';
  const choices: (readonly Keys[])[] = [];
  const hasPorts = destinationPorts.length + sourcePorts.length > 0;
  const protocols = protocol === undefined ? (hasPorts ? (['tcp', 'udp'] as const) : []) : [protocol];
  if (protocols.length > 0) choices.push(protocols.map((name) => [[ip, 'protocol', PROTOCOLS[name], '0xff']]));
  // u32 looks for ports 20 bytes after the start of the packet, so match only headers without options.
  if (hasPorts && family === 4) choices.push([[['u8', '0x45', '0xff', 'at', '0']]]);
  const ports = (name: string, ranges: readonly PortRange[]): void => {
    if (ranges.length > 0)
      choices.push(ranges.flatMap(masks).map(([value, mask]) => [[ip, name, String(value), `0x${mask.toString(16)}`]]));
  };
  const hosts = (name: string, addresses: readonly string[]): void => {
    if (addresses.length > 0) choices.push(addresses.map((address) => [[ip, name, address]]));
  };
  ports('dport', destinationPorts);
  ports('sport', sourcePorts);
  hosts('dst', destinationHosts);
  hosts('src', sourceHosts);
  return choices;
}

/** A range as pairs of value and mask, as few as there can be. */
function masks({ from, to }: PortRange): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let start = from; start <= to;) {
    let size = start === 0 ? 65_536 : start & -start;
    while (start + size - 1 > to) size /= 2;
    pairs.push([start, 0x1_0000 - size]);
    start += size;
  }
  return pairs;
}

function product<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (rows, options) => rows.flatMap((row) => options.map((option) => [...row, option])),
    [[]],
  );
}

function unique(keys: Keys): Keys {
  return [...new Map(keys.map((key) => [key.join(' '), key])).values()];
}

function popcount(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}
