import type { ResolvedConfig, TestCase } from '@chaos/spec';
import { isCaught, nameOfTest, type DetectionCell } from '@chaos/triage';
import { endedBySignals } from '../rerun/ended-by-signals.js';
import { variantLine, type VariantVerdict } from './matrix-text.js';
import type { PlannedVariant } from './plan-matrix.js';
import { runVariant } from './run-variant.js';

/** A variant with its results. */
export interface FilledVariant {
  readonly variant: string;
  readonly part: string;
  readonly cells: ReadonlyMap<string, DetectionCell>;
  readonly verdict: VariantVerdict;
}

/** What the matrix needs to run. */
export interface FillOptions {
  /** The target as it is comes first. */
  readonly plan: readonly PlannedVariant[];
  readonly runs: number;
  readonly config: ResolvedConfig;
  keep(variant: string | undefined, test: TestCase, cell: DetectionCell): void;
  save(): void;
  tell(line: string): void;
}

/**
 * Runs what is due and returns every variant with its results. A test that fails on the target as it is catches
 * nothing: its failures say nothing of a variant.
 */
export async function fillMatrix(options: FillOptions): Promise<readonly FilledVariant[]> {
  const { plan, tell } = options;
  using ended = endedBySignals();
  const [reference, ...variants] = plan;
  const width = Math.max(0, ...variants.map(({ variant }) => variant?.length ?? 0));
  if (reference!.due.length > 0) tell(`${reference!.due.length} tests on the target as it is`);
  const { cells: healthy } = await fill(reference!, options, ended.signal);
  ended.throwIfEnded();
  const unfit = new Set([...healthy].flatMap(([name, { caught }]) => (caught > 0 ? [name] : [])));
  if (unfit.size > 0) tell(`Fail on the target as it is, so they catch nothing: ${[...unfit].join(', ')}`);
  const filled: FilledVariant[] = [];
  for (const each of variants) {
    const { cells: found, problem, seconds } = await fill(each, options, ended.signal);
    ended.throwIfEnded();
    const cells = new Map([...found].map(([name, cell]) => [name, unfit.has(name) ? asUnclear(cell) : cell]));
    const verdict = verdictOf(each, cells);
    tell(variantLine(each, cells, verdict, { width, seconds }));
    if (problem !== undefined) tell(`           ${problem.split('\n')[0]}`);
    filled.push({ variant: each.variant!, part: each.part, cells, verdict });
  }
  return filled;
}

async function fill(
  { variant, tests, due, known }: PlannedVariant,
  { runs, config, keep, save }: FillOptions,
  signal: AbortSignal,
): Promise<{ cells: ReadonlyMap<string, DetectionCell>; problem?: string | undefined; seconds: number | undefined }> {
  if (due.length === 0) return { cells: known, seconds: undefined };
  const startMs = performance.now();
  const result = await runVariant({ variant, tests: due, runs: variant === undefined ? 1 : runs, config, signal });
  const cells = new Map([...known, ...result.cells]);
  if (!signal.aborted) {
    for (const test of due) keep(variant, test, cells.get(nameOfTest(test))!);
    save();
  }
  const inOrder = tests.map((test) => [nameOfTest(test), cells.get(nameOfTest(test))!] as const);
  return { cells: new Map(inOrder), problem: result.problem, seconds: (performance.now() - startMs) / 1000 };
}

function asUnclear({ caught, silent, inconclusive }: DetectionCell): DetectionCell {
  return { caught: 0, silent, inconclusive: inconclusive + caught };
}

function verdictOf({ variant, tests }: PlannedVariant, cells: ReadonlyMap<string, DetectionCell>): VariantVerdict {
  const naming = tests.filter(({ catches }) => catches.includes(variant!)).map((test) => cells.get(nameOfTest(test))!);
  if (naming.some(isCaught)) return 'caught';
  return naming.length > 0 && naming.every(({ caught, silent }) => caught + silent === 0) ? 'unclear' : 'missed';
}
