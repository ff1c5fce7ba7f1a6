import { expect, test } from 'vitest';
import { UnitPlanner, type PendingChain } from './unit-planner.js';

const chain = (name: string, durationMs: number, more: Partial<PendingChain> = {}): PendingChain => ({
  file: `${name}.chaos.ts`,
  ids: [name],
  serial: false,
  durationMs,
  exclusive: [],
  shared: [],
  requires: [],
  ...more,
});

function unitsOf(planner: UnitPlanner, slots: number): readonly (readonly PendingChain[])[] {
  const units: (readonly PendingChain[])[] = [];
  while (!planner.isEmpty) units.push(planner.next(slots, () => true));
  return units;
}

const msOf = (unit: readonly PendingChain[]): number => unit.reduce((sum, { durationMs }) => sum + durationMs, 0);

test('hands out the longest first, each chain once, in units that shrink', () => {
  const planner = new UnitPlanner();
  planner.add(Array.from({ length: 400 }, (_, index) => chain(`t${index}`, 100 + (index % 7))));
  const units = unitsOf(planner, 4);
  const planned = units.flat().map(({ ids }) => ids[0]);
  expect(planned).toHaveLength(400);
  expect(new Set(planned)).toEqual(new Set(Array.from({ length: 400 }, (_, index) => `t${index}`)));
  expect(units[0]![0]!.durationMs).toBe(106);
  const sizes = units.map(msOf);
  expect(sizes[0]).toBeGreaterThan(4 * sizes.at(-1)!);
  expect(sizes.at(-1)).toBeLessThanOrEqual(300);
});

test('a long chain is a unit by itself', () => {
  const planner = new UnitPlanner();
  planner.add([chain('short', 10), chain('long', 60_000), chain('other', 20)]);
  expect(planner.next(2, () => true).map(({ ids }) => ids[0])).toEqual(['long']);
});

test('a suspect runs alone, and first; a chain whose lock is taken waits', () => {
  const planner = new UnitPlanner();
  planner.add([
    chain('locked', 900, { exclusive: ['fleet:db'] }),
    chain('plain', 100),
    chain('suspect', 1, { suspect: true }),
  ]);
  const free = ({ exclusive }: PendingChain): boolean => exclusive.length === 0;
  expect(planner.next(1, free).map(({ ids }) => ids[0])).toEqual(['suspect']);
  expect(planner.next(1, free).map(({ ids }) => ids[0])).toEqual(['plain']);
  expect(planner.next(1, free)).toEqual([]);
  expect(planner.next(1, () => true).map(({ ids }) => ids[0])).toEqual(['locked']);
  expect(planner.isEmpty).toBe(true);
});
