import { randomBytes } from 'node:crypto';
import { assertOpenFiles, assertProcesses } from '@chaos/env/process';
import { EventBus } from '@chaos/record';
import {
  asMachineError,
  ExitCode,
  isChaosError,
  orAbort,
  type ChaosError,
  type Reporter,
  type ResolvedConfig,
  type SerializedError,
} from '@chaos/spec';
import { serializeError } from '../data/serialize-error.js';
import { withSnippet } from '../dispatch/snippet.js';
import { hasLoadedModules } from '../modules/load-module.js';
import { earlyRunId } from '../processes/early-worker.js';
import { nextTurn, wallMs } from '../real-time.js';
import type { RunOptions, RunResult } from '../run-options.js';
import { watchAsking } from '../signals/asking.js';
import { Blocked } from '../signals/blocked.js';
import { END_MS } from '../signals/ending.js';
import { watchUncaught } from '../signals/uncaught.js';
import { watchEnds, type Ends } from '../signals/watch-ends.js';
import { tierUpLater } from '../tier-up.js';
import { judgeRun, type RunVerdict, type Selection, type Stop } from '../verdict/judge-run.js';
import { checkVariant } from './check-variant.js';
import { Execution } from './execution.js';
import { fedPlan } from './elsewhere/fed-plan.js';
import { globalModules } from './global-modules.js';
import { loadPlan } from './loading/load-plan.js';
import { lookedFor } from './loading/looked-for.js';
import { runInTime } from './run-in-time.js';
import { startOf } from './start-of.js';

/** What a run is made of, while it runs. */
interface Parts {
  readonly options: RunOptions;
  readonly runId: string;
  readonly startMs: number;
  readonly bus: EventBus;
  readonly ends: Ends;
  readonly execution: Execution;
}

/** How far the tests got. */
interface Course {
  /** `undefined` if loading or selecting the tests failed. */
  readonly selection: Selection | undefined;
  /** Exit code of an environment that could not be set up. */
  readonly notSetUp: ExitCode | undefined;
  /** The run was asked for something that makes no sense. */
  readonly usage: ChaosError | undefined;
}

/**
 * One run, from its plan to its last report. Every cause of its end ends it gracefully: what runs is interrupted,
 * faults are healed, services taken down, reports written.
 *
 * @param stopped aborts with a {@link Terminated} when the program that embeds the run wants no more of it
 * @param onStart gets the execution, which knows what is running
 * @throws UsageError for an unknown variant, or another mistake in the options
 * @throws EnvironmentError where this process may not open enough files, or start enough processes
 */
export async function runOnce(
  options: RunOptions,
  stopped: AbortSignal,
  onStart: (execution: Execution) => void,
): Promise<RunResult> {
  const { config, ownProcess } = options;
  if (ownProcess) tierUpLater();
  checkVariant(options);
  assertOpenFiles();
  assertProcesses();
  const start = performance.now();
  const startMs = wallMs();
  const errors: SerializedError[] = [];
  const bus = new EventBus([...options.reporters, collecting(errors)], options.onReporterError);
  const tell = (error: SerializedError): void => bus.emit({ type: 'run-error', error: withSnippet(error) });
  await using ends = watchEnds({
    ...limitOf(options),
    isUsersCodeHere: isUsersCodeHere(config),
    stopped,
    ownProcess,
    tell,
  });
  using uncaught = ownProcess && watchUncaught((error) => tell(serializeError(error)));
  void uncaught;
  const runId = options.remote?.runId ?? earlyRunId() ?? randomBytes(5).toString('hex');
  const execution = new Execution({ options, runId, signal: ends.signal, emit: bus.emit });
  using asking = ownProcess && watchAsking(() => void execution.tellRunning());
  void asking;
  onStart(execution);
  const parts: Parts = { options, runId, startMs, bus, ends, execution };
  const course = await runTests(parts);
  if (course.usage !== undefined) throw course.usage;
  const { status, exitCode } = await report(parts, course, start);
  return { status, exitCode, errors: [...errors, ...bus.errors.map((error) => serializeError(error))] };
}

async function runTests({ options, runId, startMs, bus, ends, execution }: Parts): Promise<Course> {
  let selection: Selection | undefined;
  let notSetUp: ExitCode | undefined;
  let usage: ChaosError | undefined;
  const modules = globalModules(options, ends);
  try {
    await modules.setUp();
    const plan = options.feed
      ? fedPlan(options.feed, options)
      : await orAbort(ends.signal, () => loadPlan(options, execution.workers));
    await ends.isWatched;
    await bus.emitApart(startOf(options, plan, runId, startMs));
    for (const error of plan.errors) bus.emit({ type: 'run-error', error: withSnippet(error) });
    if (plan.errors.length === 0) {
      selection = { ...plan.selection, passWithNoTests: options.passWithNoTests, ...lookedFor(options) };
      await runInTime(execution, plan, ends.ending);
    }
    notSetUp = exitCodeOf(execution.environmentError);
  } catch (caught) {
    const error = asMachineError(caught);
    notSetUp = isChaosError(error, 'ENVIRONMENT') ? ExitCode.environment : undefined;
    if (isChaosError(error, 'USAGE')) usage = error;
    else if (error !== ends.late() && !(error instanceof Blocked))
      bus.emit({ type: 'run-error', error: serializeError(error) });
  } finally {
    await ends.ending.within('Ending workers and services', END_MS.processes, () => execution.close());
    // Tear down everything that was set up, whatever ended the run.
    for (const error of await modules.tearDown()) bus.emit({ type: 'run-error', error: serializeError(error) });
    ends.stopClock();
  }
  return { selection, notSetUp, usage };
}

async function report(
  { options, bus, ends, execution }: Parts,
  { selection, notSetUp }: Course,
  start: number,
): Promise<Pick<RunVerdict, 'status' | 'exitCode'>> {
  const { failOnFlakyTests, maxInconclusive } = options.config.runner;
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
      failOnFlakyTests,
      maxInconclusive,
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
  await bus.end({
    late: (over) => ends.ending.by(END_MS.reports, over),
    limitMs: options.config.runner.reporterTimeoutMs,
  });
  // A reporter may have failed in its `end`.
  return { status, exitCode: judge().exitCode };
}

function collecting(errors: SerializedError[]): Reporter {
  return { onEvent: (event) => void (event.type === 'run-error' && errors.push(event.error)) };
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

// A slot may be the first to find a mistake in the configuration.
function exitCodeOf(error: SerializedError | undefined): ExitCode | undefined {
  return error && (error.code === 'USAGE' ? ExitCode.usage : ExitCode.environment);
}

function stopOf(signalled: number | undefined, notSetUp: ExitCode | undefined, isLate: boolean): Stop | undefined {
  if (signalled !== undefined) return { kind: 'signal', exitCode: signalled };
  if (notSetUp !== undefined) return { kind: 'environment', exitCode: notSetUp };
  return isLate ? { kind: 'timeout' } : undefined;
}
