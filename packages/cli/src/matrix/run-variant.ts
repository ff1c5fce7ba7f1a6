import type { ResolvedConfig, TestCase } from '@chaos/spec';
import { cellOf, nameOfTest, sumOf, type DetectionCell } from '@chaos/triage';
import { rerun } from '../rerun/rerunner.js';

/** Runs of tests against a variant. */
export interface VariantRun {
  readonly variant: string | undefined;
  readonly tests: readonly TestCase[];
  readonly runs: number;
  readonly config: ResolvedConfig;
  readonly signal: AbortSignal;
}

/** Results by the name of the test. */
export interface VariantResult {
  readonly cells: ReadonlyMap<string, DetectionCell>;
  /** What went wrong besides the tests: the variant does not start. */
  readonly problem?: string;
}

/** Runs tests against a variant, in one run; those that say nothing get a second chance. */
export async function runVariant(options: VariantRun): Promise<VariantResult> {
  const { tests, signal } = options;
  const first = await once(options, tests);
  const silent = tests.filter((test) => saysNothing(first.cells.get(nameOfTest(test))));
  if (silent.length === 0 || signal.aborted || first.problem !== undefined) return first;
  const second = await once(options, silent);
  const cells = new Map(first.cells);
  for (const [name, cell] of second.cells) cells.set(name, saysNothing(cell) ? sumOf(cells.get(name)!, cell) : cell);
  return { ...second, cells };
}

async function once({ variant, runs, config, signal }: VariantRun, tests: readonly TestCase[]): Promise<VariantResult> {
  const ids = new Set(tests.map(({ id }) => id));
  const { attempts, errors } = await rerun({ ids, config, variant, runs, signal });
  const cells = tests.map((test) => [nameOfTest(test), cellOf(attempts.get(test.id) ?? [], runs)] as const);
  const [error] = errors;
  return { cells: new Map(cells), ...(error && { problem: error.message ?? error.name ?? 'the run failed' }) };
}

function saysNothing(cell: DetectionCell | undefined): boolean {
  return cell === undefined || cell.caught + cell.silent === 0;
}
