import { ChaosError } from '@chaos/spec';
import type { ResolvedFault } from '../fault/resolve-fault.js';
import { blackholeRules } from './commands/blackhole-rules.js';
import type { ClassLayout } from './commands/class-commands.js';
import { divideEffects } from './divide-effects.js';
import { combinations, groupFaults, type Group } from './group-faults.js';
import { classMinor } from './commands/handles.js';
import type { DropGroup, Lease } from './commands/nft-ruleset.js';
import { isMemoryless, mergeEffects, type Shape } from './shape.js';
import type { TcCapabilities } from './tc-capabilities.js';

/** Properties of a device that stay fixed while faults act on it. */
export interface DeviceSetting {
  readonly device: string;
  readonly mtuBytes: number;
  readonly lease: Lease;
  readonly capabilities: TcCapabilities;
}

/** Bits of a combination, and the class of its packets. */
export interface Assignment {
  readonly bits: number;
  readonly classMinor: number;
}

/** One direction of a device. */
export interface Side {
  readonly groups: readonly Group[];
  readonly classes: readonly ClassLayout[];
  /** Class for the packets of each combination of groups. */
  readonly assignments: readonly Assignment[];
  /**
   * The range of filter preferences in use, one of two: a new set of filters is complete before the old one is removed.
   */
  readonly bank: 0 | 1;
  /** The root qdisc of this side is ours and stays until the device is released. */
  readonly hasRoot: boolean;
}

/** All that is to be set up on a device for a set of faults. */
export interface DeviceLayout {
  readonly egress: Side;
  readonly ingress: Side;
  readonly drops: { readonly egress: readonly DropGroup[]; readonly ingress: readonly DropGroup[] };
  /** Selectors of `ip rule`, with the option of the address family first. */
  readonly blackholes: readonly (readonly string[])[];
  /** Differences between the request and this layout. */
  readonly notes: readonly string[];
}

const GENERATIONS = 64;

const EMPTY_SIDE: Side = { groups: [], classes: [], assignments: [], bank: 0, hasRoot: false };
/** A device without faults. */
export const EMPTY_LAYOUT: DeviceLayout = {
  egress: EMPTY_SIDE,
  ingress: EMPTY_SIDE,
  drops: { egress: [], ingress: [] },
  blackholes: [],
  notes: [],
};

/**
 * Computes the layout of a device under these faults. Classes of `previous` whose packets meet the same effects keep
 * their numbers, so unaffected traffic is not disturbed. A class that changes is created anew beside the old one
 * (`retired` are numbers still draining).
 */
export function layoutDevice(
  faults: readonly ResolvedFault[],
  setting: DeviceSetting,
  previous: DeviceLayout,
  retired: ReadonlySet<number>,
): DeviceLayout {
  const divided = faults.map((fault) => ({ ...fault, ...divideEffects(fault.effects, setting.capabilities) }));
  const { ifb } = setting.capabilities;
  const shaped = (direction: 'egress' | 'ingress'): readonly ResolvedFault[] =>
    divided.flatMap(({ shape, match, exclude, direction: of }) =>
      shape && (of === direction || of === 'both') ? [{ match, exclude, direction: of, effects: shape }] : [],
    );
  const ingress = shaped('ingress');
  if (ingress.length > 0 && !ifb.available)
    throw new ChaosError(
      'CAPABILITY_MISSING',
      `Cannot shape what arrives: an ifb device is needed, and ${ifb.reason}`,
      { hint: ifb.fix, data: { capability: 'ifb' } },
    );
  const drops = (direction: 'egress' | 'ingress'): readonly DropGroup[] =>
    divided.flatMap(({ verdicts, match, exclude, direction: of }) =>
      verdicts.length > 0 && dropsHere(of, direction, setting.device) ? [{ match, exclude, verdicts }] : [],
    );
  return {
    egress: layoutSide(shaped('egress'), previous.egress, retired),
    ingress: layoutSide(ingress, previous.ingress, retired),
    drops: { egress: drops('egress'), ingress: drops('ingress') },
    blackholes: divided.flatMap((fault) => (fault.blackhole ? blackholeRules(fault, setting.device) : [])),
    notes: [...new Set(divided.flatMap(({ notes }) => notes))],
  };
}

// On lo a packet that leaves is also the one that arrives, so shape it only once.
function dropsHere(of: ResolvedFault['direction'], direction: 'egress' | 'ingress', device: string): boolean {
  return of === direction || (of === 'both' && (direction === 'egress' || device !== 'lo'));
}

function layoutSide(faults: readonly ResolvedFault[], previous: Side, retired: ReadonlySet<number>): Side {
  const groups = groupFaults(faults, previous.groups);
  const classes: ClassLayout[] = [];
  const assignments = combinations(groups).map(({ bits, effects }): Assignment => {
    const shape = mergeEffects(effects);
    const known = classFor(bits, shape, classes, previous);
    if (known === undefined || !classes.includes(known))
      classes.push(known ?? newClass(bits, shape, [...classes, ...previous.classes], retired));
    return { bits, classMinor: (known ?? (classes.at(-1) as ClassLayout)).classMinor };
  });
  const side = {
    groups,
    classes: classes.sort((a, b) => a.classMinor - b.classMinor),
    assignments: assignments.sort((a, b) => a.bits - b.bits),
  };
  const { bank, hasRoot, ...before } = previous;
  return {
    ...side,
    bank: JSON.stringify(side) === JSON.stringify(before) ? bank : bank === 0 ? 1 : 0,
    hasRoot: hasRoot || classes.length > 0,
  };
}

// Returns the combination's own class; else a class with the same effects, if packets of both cannot delay each other
// (and a netem that duplicates may be the only one).
function classFor(bits: number, shape: Shape, chosen: readonly ClassLayout[], previous: Side): ClassLayout | undefined {
  const same = (one: ClassLayout | undefined): ClassLayout | undefined =>
    one && JSON.stringify(one.shape) === JSON.stringify(shape) ? one : undefined;
  const own = previous.assignments.find((one) => one.bits === bits);
  return (
    same(previous.classes.find(({ classMinor }) => classMinor === own?.classMinor)) ??
    (isMemoryless(shape) ? chosen.find(same) : undefined)
  );
}

function newClass(
  bits: number,
  shape: Shape,
  others: readonly ClassLayout[],
  retired: ReadonlySet<number>,
): ClassLayout {
  const taken = (minor: number): boolean => retired.has(minor) || others.some((one) => one.classMinor === minor);
  const minor = Array.from({ length: GENERATIONS }, (_, generation) => classMinor(bits, generation)).find(
    (candidate) => !taken(candidate),
  );
  if (minor === undefined)
    throw new ChaosError(
      'FAULT_CONFLICT',
      `Cannot change the fault again: ${GENERATIONS} classes of its packets are still draining`,
      { hint: 'Wait for the delays to pass.' },
    );
  return { classMinor: minor, shape };
}
