import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { healDeadRuns } from '@chaos/runner/heal';
import { list } from '@chaos/runner/run';
import { ExitCode, UsageError, type ResolvedConfig, type TestCase } from '@chaos/spec';
import { defectOf, nameOfTest, type Detection } from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { readHead } from '../../git/read-head.js';
import { cellKeys } from '../../matrix/cell-keys.js';
import { openCellStore } from '../../matrix/cell-store.js';
import { matrixText } from '../../matrix/matrix-text.js';
import { planMatrix } from '../../matrix/plan-matrix.js';
import { fillMatrix, type FilledVariant } from '../../matrix/fill-matrix.js';
import { readDetection, writeDetection } from '../../matrix/write-detection.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { tell } from '../../output/tell.js';
import { quietConfig } from '../../rerun/rerunner.js';
import { checkVariant } from '../../settings/check-variant.js';
import { wholeNumber } from '../../settings/flag-values.js';
import { ownCapabilities } from '../../settings/load-definition.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { runOptions } from '../../settings/run-options.js';
import { version } from '../../version.js';

/** Flags of `chaos matrix`. */
export interface MatrixFlags {
  readonly config?: string;
  readonly environment?: string;
  readonly all?: boolean;
  readonly runs?: string;
  readonly sample?: string;
  /** False with `--no-cache`. */
  readonly cache?: boolean;
  readonly workers?: string;
  readonly output?: string;
  readonly json?: boolean;
}

const OUTPUT = 'docs/reference';

/** `chaos matrix`. Exit code 0 if a test that names it catches each variant, 1 if one is missed. */
export async function matrix(names: readonly string[], flags: MatrixFlags, context: CliContext): Promise<ExitCode> {
  const config = await resolveSettings(flags, flags.workers === undefined ? {} : { workers: flags.workers }, context);
  const variants = variantsOf(names, config);
  const tests = await testsOf(config, context);
  await healDeadRuns({ log: (line) => tell(context, line) });
  const folder = mkdtempSync(join(tmpdir(), 'chaos-matrix-'));
  try {
    const wish = {
      variants,
      tests,
      all: flags.all === true,
      runs: flags.runs === undefined ? 1 : wholeNumber('--runs', flags.runs, 1),
      sample: flags.sample === undefined ? 0 : wholeNumber('--sample', flags.sample, 0),
    };
    const keys = await cellKeys(config, context.env);
    const store = openCellStore(config.rootDir, { isIgnored: flags.cache === false });
    const quiet = quietConfig(config, folder);
    const filled = await fillMatrix({
      plan: planMatrix(wish, keys, store),
      runs: wish.runs,
      config: { ...quiet, runner: { ...quiet.runner, workers: config.runner.workers } },
      keep: (variant, test, cell) =>
        store.put(variant, nameOfTest(test), { key: keys(variant, test), ranMs: Date.now(), cell }),
      save: () => store.save(),
      tell: (line) => tell(context, line),
    });
    return report(filled, { tests, config, flags, context });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  filled: readonly FilledVariant[],
  {
    tests,
    config,
    flags,
    context,
  }: {
    readonly tests: readonly TestCase[];
    readonly config: ResolvedConfig;
    readonly flags: MatrixFlags;
    readonly context: CliContext;
  },
): ExitCode {
  const folder = resolve(config.rootDir, flags.output ?? OUTPUT);
  const detection = detectionOf(filled, readDetection(folder), config);
  const files = writeDetection(detection, tests, folder);
  const verdicts = new Map(filled.map(({ variant, verdict }) => [variant, verdict]));
  if (flags.json === true) printJson(context, detection);
  else
    print(
      context,
      matrixText(
        verdicts,
        idleTests(detection, tests),
        files.map((file) => relative(context.cwd, file)),
      ),
    );
  return [...verdicts.values()].includes('missed') ? ExitCode.failed : ExitCode.passed;
}

// Rows of variants that were not asked for stay as they were written.
function detectionOf(
  filled: readonly FilledVariant[],
  before: Detection | undefined,
  { rootDir, target }: ResolvedConfig,
): Detection {
  const rows = new Map(Object.entries(before?.defects ?? {}));
  for (const { variant, part, cells } of filled) rows.set(variant, defectOf(part, Object.fromEntries(cells)));
  const known = [...rows].filter(([name]) => Object.hasOwn(target.variants, name));
  return {
    schemaVersion: 1,
    productVersion: version(),
    commit: readHead(rootDir)?.commit ?? '',
    defects: Object.fromEntries(known.sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function idleTests({ defects }: Detection, tests: readonly TestCase[]): readonly string[] {
  return tests.flatMap((test) => {
    const rows = Object.values(defects).filter(({ cells }) => cells[nameOfTest(test)] !== undefined);
    const catches = rows.some(({ caughtBy }) => caughtBy.includes(nameOfTest(test)));
    return rows.length === 0 || catches ? [] : [nameOfTest(test)];
  });
}

async function testsOf(config: ResolvedConfig, context: CliContext): Promise<readonly TestCase[]> {
  const { tests, errors } = await list({
    ...runOptions([], { faults: true }, config, context),
    reporters: [],
    capabilities: await ownCapabilities(config),
  });
  if (errors.length > 0 || tests.length === 0)
    throw new UsageError(`Cannot run the matrix: ${errors[0]?.message ?? 'no test was found'}`);
  const known = Object.keys(config.target.variants);
  for (const test of tests)
    for (const name of test.catches.filter((each) => !known.includes(each)))
      tell(context, `warning: ${nameOfTest(test)} names ${JSON.stringify(name)}, which is no variant of the target`);
  return tests.filter(({ expectedStatus }) => expectedStatus === 'passed');
}

function variantsOf(names: readonly string[], config: ResolvedConfig): readonly string[] {
  const known = Object.keys(config.target.variants);
  for (const name of names) checkVariant(name, config);
  if (known.length === 0)
    throw new UsageError('Cannot run the matrix: the target has no variants', {
      hint: 'Add target.variants to chaos.yaml: each is the target with a fault of its own.',
    });
  return names.length === 0 ? known.toSorted() : names;
}
