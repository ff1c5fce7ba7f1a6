import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { ProjectConfig, RetryPolicy, RunnerConfig } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { isOverride, lookUp, namesAt } from './lookup.js';
import type { Recorder } from './recorder.js';
import { listOf, resolveProjects } from './resolve-projects.js';
import { workersOf } from './workers-of.js';

/** Context for resolving the runner's settings. */
export interface RunnerContext {
  readonly rootDir: string;
  readonly cwd: string;
  readonly usableCpus: number;
  readonly usableMemoryBytes: number;
  /** Number of retries from the environment, used if `runner.retries.count` is not set. */
  readonly retryAttempts: number;
  readonly layers: readonly Layer[];
  readonly configModule: string | undefined;
  /** True in a CI run. */
  readonly ci: boolean;
  /** Name of a program under test that all workers would share, for chaos does not start it. */
  readonly shared: string | undefined;
}

/** The runner's own settings. */
export function resolveRunner(
  recorder: Recorder,
  context: RunnerContext,
): { readonly runner: Omit<RunnerConfig, 'quarantine'>; readonly problems: readonly string[] } {
  const take = <T>(name: string): T => recorder.take<T>(`runner.${name}`);
  const retries = retryPolicy(recorder, context);
  const outputDir = outputFolder(recorder, context);
  const testTimeoutMs = take<number>('testTimeoutMs');
  const pattern = patterns(recorder);
  const expect = expectDefaults(recorder);
  const workersHere = workers(recorder, context);
  const { projects, problems } = resolveProjects(
    context.layers,
    context.rootDir,
    {
      ...testFiles(recorder, context.rootDir),
      retryPolicy: retries,
      testTimeoutMs,
      repeatEach: take('repeatEach'),
      fullyParallel: take('fullyParallel'),
      ...pattern,
      expect,
      outputDir,
    },
    context.usableCpus,
  );
  const runner: Omit<RunnerConfig, 'quarantine'> = {
    workers: workersHere.workers,
    capacities: capacities(recorder, context),
    testTimeoutMs,
    globalTimeoutMs: take('globalTimeoutMs'),
    reporterTimeoutMs: take('reporterTimeoutMs'),
    retries,
    maxInconclusive: take('maxInconclusive'),
    requirePurpose: take('requirePurpose'),
    requireNeeds: take('requireNeeds'),
    leaks: take('leaks'),
    outputDir,
    seed: seed(recorder),
    forbidOnly: take('forbidOnly'),
    failOnFlakyTests: take('failOnFlakyTests'),
    maxFailures: take('maxFailures'),
    shard: recorder.find<RunnerConfig['shard'] | null>('runner.shard', 'default: all tests')?.value ?? undefined,
    ...kept(recorder),
    reportSlowTests: { max: take('reportSlowTests.max'), thresholdMs: take('reportSlowTests.thresholdMs') },
    quiet: take('quiet'),
    tsconfig: tsconfig(recorder, context),
    reporters: reporters(recorder),
    expect,
    globalSetup: modules(recorder, 'globalSetup', context.rootDir),
    globalTeardown: modules(recorder, 'globalTeardown', context.rootDir),
    ...pattern,
    tag: listOf(recorder.find<string | string[]>('runner.tag', 'default: none')?.value) ?? [],
    captureGitInfo: captureGitInfo(recorder, context),
    projects,
    configModule: context.configModule,
  };
  return { runner, problems: [...problems, ...workersHere.problems] };
}

// The part of a run that stays on the disk.
function kept(recorder: Recorder): Pick<RunnerConfig, 'history' | 'preserveOutput'> {
  return {
    history: {
      maxRuns: recorder.take('runner.history.maxRuns'),
      maxBytes: recorder.take<number>('runner.history.maxMib') * 2 ** 20,
    },
    preserveOutput: recorder.take('runner.preserveOutput'),
  };
}

function retryPolicy(recorder: Recorder, { retryAttempts }: RunnerContext): RetryPolicy {
  const take = <T>(name: string): T => recorder.take<T>(`runner.retries.${name}`);
  const count = recorder.find<number>('runner.retries.count');
  const fallBack = recorder.provenance['retryAttempts'];
  if (count === undefined && fallBack !== undefined) recorder.note('runner.retries.count', fallBack);
  return {
    count: count?.value ?? retryAttempts,
    delayMs: take('delayMs'),
    backoff: take('backoff'),
    jitter: take('jitter'),
    timeoutFactor: take('timeoutFactor'),
    placement: take('placement'),
    isolation: take('isolation'),
  };
}

function patterns(recorder: Recorder): Pick<RunnerConfig, 'grep' | 'grepInvert'> {
  const find = (name: string): readonly string[] | undefined =>
    listOf(recorder.find<string | string[]>(`runner.${name}`, 'default: all')?.value);
  return { grep: find('grep'), grepInvert: find('grepInvert') };
}

function testFiles(recorder: Recorder, rootDir: string): Pick<ProjectConfig, 'testDir' | 'testMatch' | 'testIgnore'> {
  const take = <T>(name: string): T => recorder.take<T>(`runner.${name}`);
  return {
    testDir: resolve(rootDir, take('testDir')),
    testMatch: listOf(take<string | string[]>('testMatch')) ?? [],
    testIgnore: listOf(take<string | string[]>('testIgnore')) ?? [],
  };
}

function modules(recorder: Recorder, name: string, rootDir: string): readonly string[] {
  return (listOf(recorder.take<string | string[]>(`runner.${name}`)) ?? []).map((file) => resolve(rootDir, file));
}

function seed(recorder: Recorder): string {
  const found = recorder.find<string | number>('runner.seed', 'default: random');
  return String(found?.value ?? randomBytes(8).toString('hex'));
}

function captureGitInfo(recorder: Recorder, { ci }: RunnerContext): RunnerConfig['captureGitInfo'] {
  const captured = (what: string): boolean =>
    recorder.find<boolean>(`runner.captureGitInfo.${what}`, `default: ${ci ? '' : 'no '}CI detected`)?.value ?? ci;
  return { commit: captured('commit'), diff: captured('diff') };
}

function expectDefaults(recorder: Recorder): RunnerConfig['expect'] {
  return {
    timeoutMs: recorder.take('runner.expect.timeoutMs'),
    toPass: {
      timeoutMs: recorder.take('runner.expect.toPass.timeoutMs'),
      intervalsMs: recorder.take('runner.expect.toPass.intervalsMs'),
    },
  };
}

function reporters(recorder: Recorder): RunnerConfig['reporters'] {
  type Entry = string | readonly [string, Readonly<Record<string, unknown>>?];
  const entries = listOf(recorder.take<string | readonly Entry[]>('runner.reporters')) ?? [];
  return entries.map((entry) => (typeof entry === 'string' ? [entry, {}] : [entry[0], entry[1] ?? {}]));
}

// What is typed is relative to where it is typed.
function outputFolder(recorder: Recorder, { cwd, rootDir }: RunnerContext): string {
  const folder = recorder.take<string>('runner.outputDir');
  const from = recorder.provenance['runner.outputDir'];
  return resolve(from !== undefined && isOverride(from) ? cwd : rootDir, folder);
}

function tsconfig(recorder: Recorder, { cwd, rootDir }: RunnerContext): string | undefined {
  const found = recorder.find<string>('runner.tsconfig', 'default: the nearest of each file');
  return found && resolve(isOverride(found.provenance) ? cwd : rootDir, found.value);
}

function capacities(
  recorder: Recorder,
  { layers, usableCpus, usableMemoryBytes }: RunnerContext,
): Readonly<Record<string, number>> {
  recorder.note('runner.capacities', { layer: 'default', source: 'default: of this machine' });
  const own = namesAt(layers, ['runner', 'capacities']).map((name) => {
    const found = lookUp<number>(layers, ['runner', 'capacities', name]);
    if (found) recorder.note(`runner.capacities.${name}`, found.provenance);
    return [name, found?.value ?? 0];
  });
  return {
    cpu: usableCpus,
    memory_gib: Math.floor((usableMemoryBytes / 2 ** 30) * 100) / 100,
    ...Object.fromEntries(own),
  };
}

function workers(
  recorder: Recorder,
  { usableCpus, shared }: RunnerContext,
): { readonly workers: number; readonly problems: readonly string[] } {
  const otherwise =
    shared === undefined ? `default: ${usableCpus} usable CPUs, from 1 to 4` : `default: there is one ${shared}`;
  const found = recorder.find<number | string>('runner.workers', otherwise);
  if (found === undefined)
    return { workers: shared === undefined ? Math.max(1, Math.min(4, Math.floor(usableCpus))) : 1, problems: [] };
  const { value, provenance } = found;
  if (typeof value === 'string')
    recorder.note('runner.workers', {
      ...provenance,
      source: `${provenance.source}, ${value} of ${usableCpus} usable CPUs`,
    });
  const number = workersOf(value, usableCpus);
  if (shared === undefined || number === 1) return { workers: number, problems: [] };
  const why = `current value is ${value}, allowed is 1 with ${shared}.external: tests would break it for each other`;
  return { workers: number, problems: [`${provenance.source}: Cannot use runner.workers: ${why}`] };
}
