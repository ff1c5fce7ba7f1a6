import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { RetryPolicy, RunnerConfig } from '@chaos/spec';
import type { Layer } from './layer.js';
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
}

/** The runner's own settings. */
export function resolveRunner(
  recorder: Recorder,
  context: RunnerContext,
): { readonly runner: Omit<RunnerConfig, 'quarantine'>; readonly problems: readonly string[] } {
  const take = <T>(name: string): T => recorder.take<T>(`runner.${name}`);
  const retries = recorder.find<number>('runner.retries.count');
  const fallBack = recorder.provenance['retryAttempts'];
  if (retries === undefined && fallBack !== undefined) recorder.note('runner.retries.count', fallBack);
  const output = take<string>('outputDir');
  const outputFrom = recorder.provenance['runner.outputDir'];
  // A path typed on the command line is relative to the working folder.
  const outputDir = resolve(outputFrom !== undefined && isOverride(outputFrom) ? context.cwd : context.rootDir, output);
  const testTimeoutMs = take<number>('testTimeoutMs');
  const modules = (name: string): readonly string[] =>
    (listOf(take<string | string[]>(name)) ?? []).map((file) => resolve(context.rootDir, file));
  const retryPolicy: RetryPolicy = {
    count: retries?.value ?? context.retryAttempts,
    delayMs: take('retries.delayMs'),
    backoff: take('retries.backoff'),
    jitter: take('retries.jitter'),
    timeoutFactor: take('retries.timeoutFactor'),
    placement: take('retries.placement'),
    isolation: take('retries.isolation'),
  };
  const [grep, grepInvert] = ['runner.grep', 'runner.grepInvert'].map(
    (path) => recorder.find<string>(path, 'default: all')?.value,
  );
  const captured = (what: string): boolean =>
    recorder.find<boolean>(`runner.captureGitInfo.${what}`, `default: ${context.ci ? '' : 'no '}CI detected`)?.value ??
    context.ci;
  const expect = {
    timeoutMs: take<number>('expect.timeoutMs'),
    toPass: {
      timeoutMs: take<number>('expect.toPass.timeoutMs'),
      intervalsMs: take<readonly number[]>('expect.toPass.intervalsMs'),
    },
  };
  const { projects, problems } = resolveProjects(
    context.layers,
    context.rootDir,
    {
      testDir: resolve(context.rootDir, take('testDir')),
      testMatch: listOf(take<string | string[]>('testMatch')) ?? [],
      testIgnore: listOf(take<string | string[]>('testIgnore')) ?? [],
      retryPolicy,
      testTimeoutMs,
      repeatEach: take('repeatEach'),
      fullyParallel: take('fullyParallel'),
      grep,
      grepInvert,
      expect,
      outputDir,
    },
    context.usableCpus,
  );
  const runner: Omit<RunnerConfig, 'quarantine'> = {
    workers: workers(recorder, context.usableCpus),
    capacities: capacities(recorder, context),
    testTimeoutMs,
    globalTimeoutMs: take('globalTimeoutMs'),
    retries: retryPolicy,
    maxInconclusive: take('maxInconclusive'),
    requirePurpose: take('requirePurpose'),
    leaks: take('leaks'),
    outputDir,
    seed: String(
      recorder.find<string | number>('runner.seed', 'default: random')?.value ?? randomBytes(8).toString('hex'),
    ),
    forbidOnly: take('forbidOnly'),
    failOnFlakyTests: take('failOnFlakyTests'),
    maxFailures: take('maxFailures'),
    shard: recorder.find<RunnerConfig['shard'] | null>('runner.shard', 'default: all tests')?.value ?? undefined,
    preserveOutput: take('preserveOutput'),
    reportSlowTests: { max: take('reportSlowTests.max'), thresholdMs: take('reportSlowTests.thresholdMs') },
    quiet: take('quiet'),
    tsconfig: tsconfig(recorder, context),
    reporters: (
      listOf(take<string | readonly (string | readonly [string, Readonly<Record<string, unknown>>?])[]>('reporters')) ??
      []
    ).map((entry) => (typeof entry === 'string' ? [entry, {}] : [entry[0], entry[1] ?? {}])),
    expect,
    globalSetup: modules('globalSetup'),
    globalTeardown: modules('globalTeardown'),
    grep,
    grepInvert,
    tag: listOf(recorder.find<string | string[]>('runner.tag', 'default: none')?.value) ?? [],
    captureGitInfo: { commit: captured('commit'), diff: captured('diff') },
    projects,
    configModule: context.configModule,
  };
  return { runner, problems };
}

// Resolves a path typed on the command line against the working folder, and one in a file against the root folder.
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

function workers(recorder: Recorder, usableCpus: number): number {
  const found = recorder.find<number | string>('runner.workers', `default: ${usableCpus} usable CPUs, from 1 to 4`);
  if (found === undefined) return Math.max(1, Math.min(4, Math.floor(usableCpus)));
  if (typeof found.value === 'string')
    recorder.note('runner.workers', {
      ...found.provenance,
      source: `${found.provenance.source}, ${found.value} of ${usableCpus} usable CPUs`,
    });
  return workersOf(found.value, usableCpus);
}
