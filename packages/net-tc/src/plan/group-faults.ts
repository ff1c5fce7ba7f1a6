import { ChaosError } from '@chaos/spec';
import type { Effects, ResolvedFault } from '../fault/resolve-fault.js';
import { areDisjoint, type ResolvedMatch } from '../fault/resolve-match.js';

/** Faults on exactly the same packets. Packets that match get the bit. */
export interface Group {
  readonly bit: number;
  readonly match: readonly ResolvedMatch[];
  readonly exclude: readonly ResolvedMatch[];
  readonly effects: readonly Effects[];
}

/** A combination of groups that a packet can belong to, and what happens to it. */
export interface Combination {
  readonly bits: number;
  readonly effects: readonly Effects[];
}

/** Eight bits make 255 classes. */
const MOST_GROUPS = 8;

/**
 * Puts faults on the same packets together; groups of `previous` keep their bit, so that traffic of the others stays
 * where it is.
 */
export function groupFaults(faults: readonly ResolvedFault[], previous: readonly Group[]): readonly Group[] {
  const key = ({ match, exclude }: Pick<Group, 'match' | 'exclude'>): string =>
    JSON.stringify([match, exclude], (_, value: unknown) => value ?? null);
  const bits = new Map(previous.map((group) => [key(group), group.bit]));
  const groups = new Map<string, Group>();
  for (const fault of faults) {
    const name = key(fault);
    const known = groups.get(name);
    if (known === undefined && groups.size === MOST_GROUPS)
      throw new ChaosError(
        'FAULT_CONFLICT',
        `Cannot apply faults to more than ${MOST_GROUPS} different selections of packets on one device at once`,
        { hint: 'Let faults share a match, or heal one before.' },
      );
    groups.set(name, {
      bit:
        known?.bit ??
        bits.get(name) ??
        freeBit(
          [...groups.values()].map(({ bit }) => bit),
          [...bits.values()],
        ),
      match: fault.match,
      exclude: fault.exclude,
      effects: [...(known?.effects ?? []), fault.effects],
    });
  }
  return [...groups.values()].sort((a, b) => a.bit - b.bit);
}

/** Every combination of groups that some packet may belong to. */
export function combinations(groups: readonly Group[]): readonly Combination[] {
  const all: (Combination & { readonly members: readonly Group[] })[] = [];
  for (const group of groups) {
    const joined = all
      .filter(({ members }) => members.every((member) => !apart(member, group)))
      .map((one) => ({
        bits: one.bits | group.bit,
        effects: [...one.effects, ...group.effects],
        members: [...one.members, group],
      }));
    all.push({ bits: group.bit, effects: group.effects, members: [group] }, ...joined);
  }
  return all;
}

function apart(a: Group, b: Group): boolean {
  return a.match.every((one) => b.match.every((other) => areDisjoint(one, other)));
}

function freeBit(taken: readonly number[], reserved: readonly number[]): number {
  const bits = Array.from({ length: MOST_GROUPS }, (_, index) => 2 ** index);
  const bit =
    bits.find((candidate) => !taken.includes(candidate) && !reserved.includes(candidate)) ??
    bits.find((candidate) => !taken.includes(candidate));
  if (bit === undefined) throw new TypeError('Cannot group faults: no bit is left');
  return bit;
}
