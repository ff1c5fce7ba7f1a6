import type { TestCase } from '@chaos/spec';
import { nameOfTest, partOf, type DetectionCell } from '@chaos/triage';
import type { CellKeys } from './cell-keys.js';
import type { CellStore } from './cell-store.js';

/** A variant with the tests that run against it. */
export interface PlannedVariant {
  /** `undefined`: the target as it is. */
  readonly variant: string | undefined;
  readonly part: string;
  readonly tests: readonly TestCase[];
  /** Those of the tests whose result is not known yet. */
  readonly due: readonly TestCase[];
  /** Results that are known, by the name of the test. */
  readonly known: ReadonlyMap<string, DetectionCell>;
}

/** What is asked of the matrix. */
export interface MatrixWish {
  readonly variants: readonly string[];
  readonly tests: readonly TestCase[];
  /** Every test of the part of a variant, instead of those that name it. */
  readonly all: boolean;
  /** Runs of each test that have to say something. */
  readonly runs: number;
  /** So many variants run again although their results are known: those whose results are oldest. */
  readonly sample: number;
}

interface Planned extends PlannedVariant {
  readonly oldestMs: number;
}

/** Decides what has to run: first the tests on the target as it is, then each variant. */
export function planMatrix(wish: MatrixWish, keys: CellKeys, store: CellStore): readonly PlannedVariant[] {
  const planned = wish.variants.map((variant) => {
    const part = partOf(variant, wish.tests);
    const tests = wish.tests.filter(
      ({ catches, category }) => catches.includes(variant) || (wish.all && category === part),
    );
    return planOf({ variant, part, tests }, wish.runs, keys, store);
  });
  const sampled = new Set(
    planned
      .filter(({ due, tests }) => due.length === 0 && tests.length > 0)
      .toSorted((one, other) => one.oldestMs - other.oldestMs)
      .slice(0, wish.sample),
  );
  const variants = planned.map((each) => (sampled.has(each) ? { ...each, due: each.tests } : each));
  const used = new Set(variants.flatMap(({ tests }) => tests));
  const reference = planOf({ variant: undefined, part: '', tests: [...used] }, 1, keys, store);
  return [reference, ...variants];
}

function planOf(
  { variant, part, tests }: Pick<PlannedVariant, 'variant' | 'part' | 'tests'>,
  runs: number,
  keys: CellKeys,
  store: CellStore,
): Planned {
  const stored = tests.map((test) => ({
    test,
    found: store.get(variant, nameOfTest(test), keys(variant, test)),
  }));
  const isKnown = (cell: DetectionCell | undefined): boolean => cell !== undefined && cell.caught + cell.silent >= runs;
  const known = stored.flatMap(({ test, found }) =>
    found !== undefined && isKnown(found.cell) ? [[nameOfTest(test), found.cell] as const] : [],
  );
  return {
    variant,
    part,
    tests,
    due: stored.filter(({ found }) => !isKnown(found?.cell)).map(({ test }) => test),
    known: new Map(known),
    oldestMs: Math.min(...stored.map(({ found }) => found?.ranMs ?? 0)),
  };
}
