import type { ResolvedMatch } from '../../fault/resolve-match.js';
import { EGRESS_ROOT, minor } from './handles.js';
import type { Group } from '../group-faults.js';
import { nftMatch } from './nft-match.js';

/** Lifetime of the rules: until they are removed, for a fixed time, or as long as the owner renews them. */
export type Lease = { readonly kind: 'none' } | { readonly kind: 'fixed' | 'renewed'; readonly timeoutMs: number };

/** Packets that are dropped or rejected by nft. */
export interface DropGroup {
  readonly match: readonly ResolvedMatch[];
  readonly exclude: readonly ResolvedMatch[];
  /** nft statements, one rule each. */
  readonly verdicts: readonly string[];
}

/** Content of the nft table of one device. */
export interface Ruleset {
  readonly table: string;
  readonly device: string;
  readonly lease: Lease;
  readonly groups: readonly Pick<Group, 'bit' | 'match' | 'exclude'>[];
  /** Bits of a combination → class that its packets go to. */
  readonly classes: readonly { readonly bits: number; readonly classMinor: number }[];
  readonly drops: { readonly egress: readonly DropGroup[]; readonly ingress: readonly DropGroup[] };
}

const OURS = `meta priority & ffff:0 == ${EGRESS_ROOT}:0`;
const NOT_OURS = `meta priority & ffff:0 != ${EGRESS_ROOT}:0`;

/**
 * The table of a device as one nft transaction: packets see the old rules or the new ones, nothing between. All rules
 * lie behind a set that holds the device's name for as long as the lease lasts. `skb->priority` chooses the class: both
 * families, any ports, no fwmark touched.
 */
export function rulesetText(ruleset: Ruleset): string {
  const { table, device, lease, groups, classes, drops } = ruleset;
  const chains = [
    ...(groups.length > 0
      ? [
          ...base('shape', 'postrouting', [`oifname @lease jump classify`]),
          ...classify(groups, classes),
          ...groups.flatMap(shapedGroup),
        ]
      : []),
    ...dropHooks(device, drops),
    ...(['egress', 'ingress'] as const).flatMap((direction) => dropChains(direction, drops[direction])),
  ];
  const lines = [
    `table inet ${table} {`,
    ...indent([
      'set lease {',
      ...indent(['type ifname', 'flags timeout', `elements = { ${leaseElement(device, lease)} }`]),
      '}',
      ...chains,
    ]),
    '}',
  ];
  // Adding first makes deleting succeed where there is no table yet.
  return [`add table inet ${table}`, `delete table inet ${table}`, ...lines, ''].join('\n');
}

/** The element that keeps the rules of a device in force. */
export function leaseElement(device: string, lease: Lease): string {
  return lease.kind === 'none' ? `"${device}"` : `"${device}" timeout ${lease.timeoutMs}ms`;
}

function base(name: string, hook: string, rules: readonly string[]): readonly string[] {
  return chain(name, [`type filter hook ${hook} priority mangle; policy accept;`, ...rules]);
}

function chain(name: string, lines: readonly string[]): readonly string[] {
  return [`chain ${name} {`, ...indent(lines), '}'];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `\t${line}`);
}

function classify(groups: Ruleset['groups'], classes: Ruleset['classes']): readonly string[] {
  const map = classes.map(
    ({ bits, classMinor }) => `${EGRESS_ROOT}:${minor(bits)} : ${EGRESS_ROOT}:${minor(classMinor)}`,
  );
  // Packets forwarded from another device may still carry a class of ours, so clear it.
  return chain('classify', [
    `${OURS} meta priority set none`,
    ...groups.map(({ bit }) => `jump s${bit}`),
    `meta priority set meta priority map { ${map.join(', ')} }`,
  ]);
}

function shapedGroup(group: Ruleset['groups'][number]): readonly string[] {
  const { bit } = group;
  return [
    ...selection(`s${bit}`, group),
    ...chain(`s${bit}_hit`, [
      `${OURS} meta priority set meta priority | 0:${minor(bit)}`,
      `${NOT_OURS} meta priority set ${EGRESS_ROOT}:${minor(bit)}`,
    ]),
  ];
}

// `goto` returns to the caller of the chain it was in: a packet that matches twice is hit once.
function selection(name: string, { match, exclude }: Pick<Group, 'match' | 'exclude'>): readonly string[] {
  const rules = (matches: readonly ResolvedMatch[], verdict: string): readonly string[] =>
    matches.map((one) => `${nftMatch(one)} ${verdict}`.trim());
  return chain(name, [...rules(exclude, 'return'), ...rules(match, `goto ${name}_hit`)]);
}

// On lo a packet both leaves and arrives: drop it on arrival, so that the sender sees no error that a real network
// would not report.
function dropHooks(device: string, drops: Ruleset['drops']): readonly string[] {
  const jump = (key: 'iifname' | 'oifname', direction: 'egress' | 'ingress'): readonly string[] =>
    drops[direction].length > 0 ? [`${key} @lease jump ${direction}`] : [];
  const loopback = device === 'lo';
  const hooks: Readonly<Record<string, readonly string[]>> = {
    input: [...(loopback ? jump('iifname', 'egress') : []), ...jump('iifname', 'ingress')],
    output: loopback ? [] : jump('oifname', 'egress'),
    forward: loopback ? [] : [...jump('oifname', 'egress'), ...jump('iifname', 'ingress')],
  };
  return Object.entries(hooks).flatMap(([hook, rules]) => (rules.length > 0 ? base(`drop_${hook}`, hook, rules) : []));
}

function dropChains(direction: 'egress' | 'ingress', groups: readonly DropGroup[]): readonly string[] {
  if (groups.length === 0) return [];
  const name = (index: number): string => `${direction}${index}`;
  return [
    ...chain(
      direction,
      groups.map((_, index) => `jump ${name(index)}`),
    ),
    ...groups.flatMap((group, index) => [
      ...selection(name(index), group),
      ...chain(`${name(index)}_hit`, group.verdicts),
    ]),
  ];
}
