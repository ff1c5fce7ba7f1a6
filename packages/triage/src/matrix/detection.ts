import type { Attempt, FailureClass, TestCase } from '@chaos/spec';

/** Results of the runs of one test against one variant, counted. */
export interface DetectionCell {
  /** Runs that failed. */
  readonly caught: number;
  /** Runs that passed, though the variant is there. */
  readonly silent: number;
  /** Runs that say nothing: the phenomenon did not come, or the machine lacks something. */
  readonly inconclusive: number;
}

/** Tests that ran against one variant. */
export interface DetectedDefect {
  /** Category of most tests that name it; `''` where none does. */
  readonly part: string;
  /** Ids of the tests that caught it nearly every time that they said something. */
  readonly caughtBy: readonly string[];
  /** By the id of the test. */
  readonly cells: Readonly<Record<string, DetectionCell>>;
}

/** Which test catches which defect: the content of `detection.json`. */
export interface Detection {
  readonly schemaVersion: 1;
  /** Version of this product. */
  readonly productVersion: string;
  /** The commit that was checked out; `''` outside of a repository. */
  readonly commit: string;
  /** By the name of the variant. */
  readonly defects: Readonly<Record<string, DetectedDefect>>;
}

type Known = Pick<TestCase, 'chaosId' | 'titlePath' | 'catches' | 'category'>;

/** No run yet. */
export const NO_RUNS: DetectionCell = { caught: 0, silent: 0, inconclusive: 0 };

/** A test that catches a defect does so in this share of the runs that say something, at least. */
const ENOUGH = 0.9;

// Failures that say nothing of the target.
const OTHERS: ReadonlySet<FailureClass> = new Set(['environment', 'worker', 'test', 'fault', 'interrupted']);

/** The name of a test in tables and in `detection.json`: the author's id, else its title. */
export function nameOfTest({ chaosId, titlePath }: Pick<Known, 'chaosId' | 'titlePath'>): string {
  return chaosId ?? titlePath.join(' › ');
}

/** Counts attempts; `expected` runs that left no attempt, as where the target did not start, say nothing. */
export function cellOf(attempts: readonly Attempt[], expected: number = attempts.length): DetectionCell {
  const kinds = attempts.map(kindOf);
  const count = (kind: keyof DetectionCell): number => kinds.filter((each) => each === kind).length;
  return {
    caught: count('caught'),
    silent: count('silent'),
    inconclusive: count('inconclusive') + Math.max(0, expected - attempts.length),
  };
}

function kindOf({ status, failureClass }: Attempt): keyof DetectionCell {
  if (status === 'passed') return 'silent';
  if (status === 'skipped' || status === 'interrupted') return 'inconclusive';
  return failureClass !== undefined && OTHERS.has(failureClass) ? 'inconclusive' : 'caught';
}

/** The sum of two cells. */
export function sumOf(one: DetectionCell, other: DetectionCell): DetectionCell {
  return {
    caught: one.caught + other.caught,
    silent: one.silent + other.silent,
    inconclusive: one.inconclusive + other.inconclusive,
  };
}

/** True where nearly all runs that say something failed. */
export function isCaught({ caught, silent }: DetectionCell): boolean {
  return caught > 0 && caught >= ENOUGH * (caught + silent);
}

/** A row of the matrix. */
export function defectOf(part: string, cells: Readonly<Record<string, DetectionCell>>): DetectedDefect {
  const sorted = Object.fromEntries(Object.entries(cells).sort(([one], [other]) => compare(one, other)));
  const caughtBy = Object.entries(sorted).flatMap(([id, cell]) => (isCaught(cell) ? [id] : []));
  return { part, caughtBy, cells: sorted };
}

/** The category of most tests that name the variant; the first by name of several. */
export function partOf(variant: string, tests: readonly Known[]): string {
  const counts = new Map<string, number>();
  for (const { catches, category } of tests)
    if (catches.includes(variant)) counts.set(category, (counts.get(category) ?? 0) + 1);
  const [first] = [...counts].sort(([one, a], [other, b]) => b - a || compare(one, other));
  return first?.[0] ?? '';
}

/** Order of names, the same on every machine. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
