import type { Command } from './command.js';
import type { Side } from '../device-layout.js';
import { FILTER_PREF, minor, MOST_FILTERS } from './handles.js';
import { u32Filters, type U32Filter } from './u32-filters.js';

/** A place where filters choose. */
export interface FilterPlace {
  readonly device: string;
  readonly parent: string;
  /** Words that follow the match in a filter command. */
  readonly verdict: (filter: U32Filter) => readonly string[];
}

/** Chooses the class; packets that are excluded take the unclassified queue. */
export function classOf(root: string, { assignments }: Side): FilterPlace['verdict'] {
  return ({ bits }) => [
    'flowid',
    `${root}:${bits === 0 ? '' : minor(assignments.find((one) => one.bits === bits)?.classMinor ?? 0)}`,
  ];
}

/** Sends packets to another device; those that are excluded go on. */
export function redirectTo(device: string): FilterPlace['verdict'] {
  return ({ bits }) => (bits === 0 ? ['flowid', 'ffff:1'] : ['action', 'mirred', 'egress', 'redirect', 'dev', device]);
}

/**
 * Changes the filters of one side. The new set is added from the most specific filter to the most general one, then the
 * old set is removed in the opposite order, so every packet that should match is matched at all times.
 */
export function steerFilters(from: Side, to: Side, places: readonly FilterPlace[]): readonly Command[] {
  if (from.bank === to.bank) return [];
  const prefs = ({ groups, bank }: Side): readonly (readonly [U32Filter, string])[] =>
    u32Filters(groups).map((filter, index) => [filter, String(FILTER_PREF + bank * MOST_FILTERS + index)]);
  const added = places.flatMap(({ device, parent, verdict }) =>
    prefs(to).map(([filter, pref]): Command => ({
      argv: [
        'tc',
        'filter',
        'add',
        'dev',
        device,
        'parent',
        parent,
        'protocol',
        filter.family,
        'pref',
        pref,
        'u32',
        ...filter.keys.flatMap((key) => ['match', ...key]),
        ...verdict(filter),
      ],
    })),
  );
  const removed = [...places]
    .reverse()
    .flatMap(({ device, parent }) =>
      [...prefs(from)]
        .reverse()
        .map(([, pref]): Command => ({ argv: ['tc', 'filter', 'del', 'dev', device, 'parent', parent, 'pref', pref] })),
    );
  return [...added, ...removed];
}
