import { randomBytes } from 'node:crypto';
import {
  asMachineError,
  ExitCode,
  UsageError,
  type ChaosError,
  isChaosError,
  type ResolvedConfig,
  type SerializedError,
  type TestCase,
  type RunEvent,
} from '@chaos/spec';
import { assertOpenFiles } from '@chaos/env/process';
import { earlyRunId } from './processes/early-worker.js';
import { EventBus } from '@chaos/record';
import { globalModules } from './execute/global-modules.js';
import { loadPlan, type Plan } from './execute/load-plan.js';
import { hasLoadedModules } from './modules/load-module.js';
import { WorkerPool } from './processes/worker-pool.js';
import { Execution } from './execute/execution.js';
import { runInTime } from './execute/run-in-time.js';
import { withSnippet } from './dispatch/snippet.js';
import { carried } from './data/plain.js';
import { nextTurn, wallMs } from './real-time.js';
import type { RunOptions, RunResult, Until } from './run-options.js';
import { orAbort } from './or-abort.js';
import { judgeRun, type RunVerdict, type Selection, type Stop } from './verdict/judge-run.js';
import { serializeError } from './data/serialize-error.js';
import { watchAsking } from './signals/asking.js';
import { END_MS } from './signals/ending.js';
import { watchUncaught } from './signals/uncaught.js';
import { watchEnds } from './signals/watch-ends.js';
import { tierUpLater } from './tier-up.js';

export { loadModule } from './modules/load-module.js';
export { useTsconfig } from './modules/tsconfig.js';
export type { RunOptions, RunResult, Until } from './run-options.js';

/**
 * Runs tests and reports them. Signals, the death of a wrapper above and `runner.global_timeout_ms` end it gracefully:
 * what runs is interrupted, faults are healed, services taken down, reports written.
 *
 * @throws UsageError for an unknown variant
 * @throws EnvironmentError where this process may not open enough files
 */
export async function run(options: RunOptions): Promise<RunResult> {
  tierUpLater();
  checkVariant(options);
  assertOpenFiles();
  const start = performance.now();
  const startMs = wallMs();
  const { config } = options;
  const bus = new EventBus(options.reporters, tellDropped);
  const tell = (error: SerializedError): void => bus.emit({ type: 'run-error', error: withSnippet(error) });
  await using ends = watchEnds({ ...limitOf(options), isUsersCodeHere: isUsersCodeHere(config), tell });
  const { signal, ending } = ends;
  using uncaught = watchUncaught((error) => tell(serializeError(error)));
  void uncaught;
  const runId = earlyRunId() ?? randomBytes(5).toString('hex');
  const execution = new Execution({ options, runId, signal, emit: bus.emit });
  using asking = watchAsking(() => void execution.tellRunning());
  void asking;
  let selection: Selection | undefined;
  let notSetUp: ExitCode | undefined;
  let usage: ChaosError | undefined;
  const modules = globalModules(config, ends);
  try {
    await modules.setUp();
    const plan = await orAbort(signal, () => loadPlan(options, execution.workers));
    await ends.isWatched;
    await bus.emitApart(startOf(options, plan, runId, startMs));
    for (const error of plan.errors) bus.emit({ type: 'run-error', error: withSnippet(error) });
    if (plan.errors.length === 0) {
      selection = { ...plan.selection, passWithNoTests: options.passWithNoTests, lookedFor: lookedFor(options) };
      await runInTime(execution, plan, ending);
    }
    notSetUp = exitCodeOf(execution.environmentError);
  } catch (caught) {
    const error = asMachineError(caught);
    notSetUp = isChaosError(error, 'ENVIRONMENT') ? ExitCode.environment : undefined;
    if (isChaosError(error, 'USAGE')) usage = error;
    else if (error !== ends.late()) bus.emit({ type: 'run-error', error: serializeError(error) });
  } finally {
    await ending.within('Ending workers and services', END_MS.processes, () => execution.close());
    // Tear down everything that was set up, whatever ended the run.
    for (const error of await modules.tearDown()) bus.emit({ type: 'run-error', error: serializeError(error) });
    ends.stopClock();
  }
  if (usage !== undefined) throw usage;
  // A signal may be pending: user code may have kept this process busy until now.
  for (let turns = 0; turns < 2; turns++) await new Promise<void>(nextTurn);
  const late = ends.late();
  if (late) bus.emit({ type: 'run-error', error: serializeError(late) });
  const judge = (): RunVerdict =>
    judgeRun({
      tests: execution.stories,
      hasErrors: bus.failed,
      stop: stopOf(ends.exitCode(), notSetUp, late !== undefined),
      selection,
      failOnFlakyTests: config.runner.failOnFlakyTests,
      maxInconclusive: config.runner.maxInconclusive,
      overloaded: execution.isOverloaded,
    });
  const { status, reasons, note } = judge();
  for (const error of reasons) bus.emit({ type: 'run-error', error });
  if (note !== undefined) bus.emit({ type: 'diagnostic', asked: true, text: note });
  await execution.keep(status);
  await bus.emitApart({
    type: 'run-end',
    status,
    endMs: wallMs(),
    durationMs: performance.now() - start,
    ...execution.calibration,
  });
  await bus.end(() => ending.by(END_MS.reports));
  // A reporter may have failed in its `end`.
  return { status, exitCode: judge().exitCode };
}

/** The tests that a run with these options would run. Errors of test files are thrown together as one. */
export async function list(options: RunOptions): Promise<readonly TestCase[]> {
  checkVariant(options);
  const ignore = (): void => {};
  const { config, argv, version } = options;
  const events = {
    testBegin: ignore,
    testEnd: ignore,
    testSkip: ignore,
    testMissing: ignore,
    fault: ignore,
    output: ignore,
    error: ignore,
    eventLoop: ignore,
    slotCall: () => Promise.resolve(null),
  };
  const workers = new WorkerPool(
    {
      runId: earlyRunId() ?? randomBytes(5).toString('hex'),
      config,
      variant: options.variant,
      faults: false,
      argv,
      version,
    },
    events,
    ignore,
  );
  try {
    const { tests, errors } = await loadPlan(options, workers);
    if (errors.length > 0)
      throw new AggregateError(
        errors.map(({ message }) => new Error(message)),
        errors
          .map(({ message, location }) => `${location?.file}:${location?.line}:${location?.column}: ${message}`)
          .join('\n'),
      );
    return tests;
  } finally {
    await workers.stop();
  }
}

function limitOf(options: RunOptions): { readonly limitMs: number; readonly late: () => Error } {
  const { globalTimeoutMs } = options.config.runner;
  return {
    limitMs: globalTimeoutMs === 0 ? 0 : globalTimeoutMs + repeatingMs(options),
    late: () => new Error(`Timed out waiting ${globalTimeoutMs / 1000}s for the test suite to run`),
  };
}

// User reporters are loaded by now, and so is a configuration that is code.
function isUsersCodeHere({ runner }: ResolvedConfig): boolean {
  return hasLoadedModules() || runner.globalSetup.length + runner.globalTeardown.length > 0;
}

// After this time a repeating run starts nothing new; running tests have their usual time to end.
function repeatingMs({ until, config }: RunOptions): number {
  if (until === undefined) return 0;
  return until.kind === 'duration' ? until.durationMs : config.runner.globalTimeoutMs;
}

function startOf(
  { argv, version, variant, until, config }: RunOptions,
  plan: Plan,
  runId: string,
  startMs: number,
): Extract<RunEvent, { type: 'run-start' }> {
  return {
    type: 'run-start',
    runId,
    startMs,
    version,
    argv,
    config: carried(config),
    tests: plan.tests,
    ...(variant !== undefined && { variant }),
    ...(until && { until: untilText(until) }),
    ...expectedOf(plan),
    ...(plan.shardBasis !== undefined && { shardBasis: plan.shardBasis }),
  };
}

// Results of the tests that ran before.
function expectedOf({ tests, timingFile }: Plan): { readonly expectedMs?: Readonly<Record<string, number>> } {
  const known = tests.flatMap(({ id }) => {
    const past = timingFile.timings.tests[id];
    return past ? [[id, past.durationMs] as const] : [];
  });
  return known.length > 0 ? { expectedMs: Object.fromEntries(known) } : {};
}

// As on the command line.
function untilText(until: Until): string {
  return until.kind === 'runs' ? String(until.runs) : until.kind === 'duration' ? `${until.durationMs}ms` : until.kind;
}

// A slot may be the first to find a mistake in the configuration.
function exitCodeOf(error: SerializedError | undefined): ExitCode | undefined {
  return error && (error.code === 'USAGE' ? ExitCode.usage : ExitCode.environment);
}

function checkVariant({ variant, config }: RunOptions): void {
  const known = Object.keys(config.target.variants);
  if (variant === undefined || known.includes(variant)) return;
  throw new UsageError(
    `Cannot run the variant "${variant}": the target has ${known.length === 0 ? 'no variants' : `only ${known.join(', ')}`}`,
    { hint: 'Variants are listed under target.variants in chaos.yaml.' },
  );
}

function stopOf(signalled: number | undefined, notSetUp: ExitCode | undefined, isLate: boolean): Stop | undefined {
  if (signalled !== undefined) return { kind: 'signal', exitCode: signalled };
  if (notSetUp !== undefined) return { kind: 'environment', exitCode: notSetUp };
  return isLate ? { kind: 'timeout' } : undefined;
}

// Text after "No tests found".
function lookedFor({ filters, grep, grepInvert, ids, testList, config }: RunOptions): string {
  const asked = [
    ...filters.map((filter) => `"${filter}"`),
    ...(grep ? [`--grep ${grep.source}`] : []),
    ...(grepInvert ? [`--grep-invert ${grepInvert.source}`] : []),
  ].join(' ');
  return `${asked ? ` for ${asked}` : ''}${testList ? ' among those of the test list' : ''}${ids ? ' among those that failed or did not run last time' : ''} (looked for ${[...new Set(config.runner.projects.flatMap(({ testMatch }) => testMatch))].join(', ')} in ${[...new Set(config.runner.projects.map(({ testDir }) => testDir))].join(', ')})`;
}

function tellDropped(error: unknown): void {
  process.stderr.write(
    `Cannot report: a reporter failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
