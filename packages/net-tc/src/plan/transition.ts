import { addClass, openClass, removeClass, type ClassLayout, type ClassPlace } from './commands/class-commands.js';
import type { Command } from './commands/command.js';
import type { DeviceLayout, DeviceSetting, Side } from './device-layout.js';
import { BLACKHOLE_PREF, EGRESS_ROOT, ifbName, INGRESS_ROOT, tableName } from './commands/handles.js';
import { rulesetText } from './commands/nft-ruleset.js';
import { classOf, redirectTo, steerFilters } from './commands/steer-filters.js';

/** The steps from one layout to another, in the order in which they must be taken. */
export interface Transition {
  /** Sets up new classes; traffic does not use them yet. */
  readonly prepare: readonly Command[];
  /** Directs traffic to its new classes: the fault is in force. */
  readonly steer: readonly Command[];
  /** Lets the queues of retired classes drain fast. */
  readonly open: readonly Command[];
  /** Classes that get no more packets; wait until they are empty. */
  readonly drain: readonly Drain[];
  /** Removes the retired classes. */
  readonly clear: readonly Command[];
}

/** A class that is left behind. */
export interface Drain {
  readonly device: string;
  readonly layout: ClassLayout;
}

/** The unclassified queue of HTB; as long as the device's own would be never full. */
const DIRECT_QUEUE = '100000';

/** Compares two layouts of one device. `hasIngress`: the user has an ingress or clsact qdisc, which stays. */
export function transition(
  from: DeviceLayout,
  to: DeviceLayout,
  setting: DeviceSetting,
  { hasIngress }: { readonly hasIngress: boolean },
): Transition {
  const { device, mtuBytes } = setting;
  const ifb = ifbName(device);
  const egress: ClassPlace = { device, root: EGRESS_ROOT, mtuBytes };
  const ingress: ClassPlace = { device: ifb, root: INGRESS_ROOT, mtuBytes };
  const starts = (side: 'egress' | 'ingress'): boolean => !from[side].hasRoot && to[side].hasRoot;
  const changes = [change(from.egress, to.egress, egress), change(from.ingress, to.ingress, ingress)];
  return {
    prepare: [
      ...(starts('egress') ? [root(device, EGRESS_ROOT)] : []),
      ...(starts('ingress') ? ingressDevice(device, ifb, hasIngress) : []),
      ...changes.flatMap(({ add }) => add),
    ],
    steer: [
      ...steerFilters(from.ingress, to.ingress, [
        { device: ifb, parent: `${INGRESS_ROOT}:`, verdict: classOf(INGRESS_ROOT, to.ingress) },
        { device, parent: 'ffff:', verdict: redirectTo(ifb) },
      ]),
      ...(setting.capabilities.nft.available
        ? steerRules(from, to, setting)
        : steerFilters(from.egress, to.egress, [
            { device, parent: `${EGRESS_ROOT}:`, verdict: classOf(EGRESS_ROOT, to.egress) },
          ])),
      ...steerBlackholes(from, to),
    ],
    open: changes.flatMap(({ open }) => open),
    drain: changes.flatMap(({ gone }) => gone),
    clear: changes.flatMap(({ remove }) => remove),
  };
}

function change(
  from: Side,
  to: Side,
  place: ClassPlace,
): {
  readonly add: readonly Command[];
  readonly open: readonly Command[];
  readonly gone: readonly Drain[];
  readonly remove: readonly Command[];
} {
  const added = to.classes.filter((one) => !from.classes.some((other) => other.classMinor === one.classMinor));
  const gone = from.classes.filter((one) => !to.classes.some((other) => other.classMinor === one.classMinor));
  return {
    add: added.flatMap((one) => addClass(place, one)),
    open: gone.flatMap((one) => openClass(place, one)),
    gone: gone.map((layout) => ({ device: place.device, layout })),
    remove: gone.flatMap((one) => removeClass(place, one)),
  };
}

function root(device: string, handle: string): Command {
  return {
    argv: [
      'tc',
      'qdisc',
      'replace',
      'dev',
      device,
      'root',
      'handle',
      `${handle}:`,
      'htb',
      'default',
      '0',
      'direct_qlen',
      DIRECT_QUEUE,
    ],
  };
}

function ingressDevice(device: string, ifb: string, hasIngress: boolean): readonly Command[] {
  return [
    { argv: ['ip', 'link', 'add', 'name', ifb, 'type', 'ifb'] },
    { argv: ['ip', 'link', 'set', 'dev', ifb, 'txqueuelen', '1000', 'up'] },
    root(ifb, INGRESS_ROOT),
    ...(hasIngress ? [] : [{ argv: ['tc', 'qdisc', 'add', 'dev', device, 'handle', 'ffff:', 'ingress'] } as const]),
  ];
}

function steerBlackholes(from: DeviceLayout, to: DeviceLayout): readonly Command[] {
  const key = (rule: readonly string[]): string => rule.join(' ');
  const without = (all: DeviceLayout['blackholes'], others: DeviceLayout['blackholes']): DeviceLayout['blackholes'] =>
    all.filter((rule) => !others.some((other) => key(other) === key(rule)));
  const command =
    (verb: 'add' | 'del') =>
    ([family = '-4', ...selector]: readonly string[]): Command => ({
      argv: ['ip', family, 'rule', verb, 'pref', String(BLACKHOLE_PREF), ...selector, 'blackhole'],
    });
  return [
    ...without(to.blackholes, from.blackholes).map(command('add')),
    ...without(from.blackholes, to.blackholes).map(command('del')),
  ];
}

/** True if nft has packets to classify or to drop. */
export function needsRules({ egress, drops }: DeviceLayout): boolean {
  return egress.groups.length + drops.egress.length + drops.ingress.length > 0;
}

function steerRules(from: DeviceLayout, to: DeviceLayout, { device, lease }: DeviceSetting): readonly Command[] {
  const rules = (layout: DeviceLayout): string =>
    rulesetText({
      table: tableName(device),
      device,
      lease,
      groups: layout.egress.groups,
      classes: layout.egress.assignments,
      drops: layout.drops,
    });
  if (needsRules(to)) return rules(from) === rules(to) ? [] : [{ argv: ['nft', '-f', '-'], stdin: rules(to) }];
  return needsRules(from)
    ? [
        {
          argv: ['nft', '-f', '-'],
          stdin: `add table inet ${tableName(device)}\ndelete table inet ${tableName(device)}\n`,
        },
      ]
    : [];
}
