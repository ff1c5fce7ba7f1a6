import { join } from 'node:path';
import { calibrate } from '@chaos/env';
import { createRunner } from '@chaos/runner/run';
import type { Attempt, ResolvedConfig, RunEvent, SerializedError } from '@chaos/spec';
import type { RunData } from '@chaos/triage';
import { version } from '../version.js';
import { ownCapabilities } from '../settings/load-definition.js';

/** One more run of some tests of an earlier run. */
export interface RerunOptions {
  readonly ids: ReadonlySet<string>;
  readonly config: ResolvedConfig;
  readonly variant: string | undefined;
  /** False: `inject` does nothing. */
  readonly faults?: boolean;
  /** Runs of each test. Default 1. */
  readonly runs?: number;
  readonly signal?: AbortSignal;
}

/** The outcome of one more run. */
export interface RerunResult {
  /** Attempts by test id; tests that got none are missing. */
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
  readonly errors: readonly SerializedError[];
}

/** Runs tests again without reports, history or retries, in processes of their own. */
export async function rerun({
  ids,
  config,
  variant,
  faults = true,
  runs = 1,
  signal,
}: RerunOptions): Promise<RerunResult> {
  const attempts = new Map<string, Attempt[]>();
  const onEvent = (event: RunEvent): void => {
    if (event.type !== 'test-end') return;
    const { testId } = event.attempt;
    attempts.set(testId, [...(attempts.get(testId) ?? []), event.attempt]);
  };
  const runner = createRunner({
    config,
    ids,
    faults,
    ...(variant !== undefined && { variant }),
    ...(runs > 1 && { until: { kind: 'runs', runs } }),
    calibrate,
    capabilities: await ownCapabilities(config),
    quarantine: false,
    focus: false,
    // Keep what `--last-failed` runs as it was.
    lastRunFile: join(config.runner.outputDir, '.last-run.json'),
    reporters: [{ onEvent }],
    version: version(),
  });
  const stop = (): void => void runner.stop('the command was ended');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const { errors } = await runner.run();
    return { attempts, errors };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const LOAD = [
  'concurrentRequests',
  'timeoutMs',
  'connectionPoolSize',
  'iterations',
  'dataRows',
  'cacheTtlMs',
  'jitterMs',
  'warmupOperations',
] as const satisfies readonly (keyof ResolvedConfig)[];

/** Today's configuration with the load, the time-outs and the seed of an earlier run; see {@link quietConfig}. */
export function configOf(run: RunData, today: ResolvedConfig, folder: string): ResolvedConfig {
  const load = Object.fromEntries(LOAD.map((name) => [name, run.config[name] ?? today[name]]));
  const { runner } = run.config;
  const quiet = quietConfig({ ...today, ...(load as Pick<ResolvedConfig, (typeof LOAD)[number]>) }, folder);
  return {
    ...quiet,
    runner: { ...quiet.runner, seed: runner.seed, testTimeoutMs: runner.testTimeoutMs ?? quiet.runner.testTimeoutMs },
  };
}

/**
 * A configuration for reruns: one worker, no retries, no limit of the run, no history, files in a folder of their own.
 */
export function quietConfig(config: ResolvedConfig, folder: string): ResolvedConfig {
  const { runner } = config;
  const projects = runner.projects.map((project) => ({
    ...project,
    retries: 0,
    retryPolicy: { ...project.retryPolicy, count: 0 },
    outputDir: join(folder, 'tests'),
  }));
  return {
    ...config,
    runner: {
      ...runner,
      workers: 1,
      retries: { ...runner.retries, count: 0 },
      globalTimeoutMs: 0,
      maxFailures: 0,
      maxInconclusive: 1,
      shard: undefined,
      outputDir: folder,
      history: { maxRuns: 0, maxBytes: 0 },
      projects,
    },
  };
}
