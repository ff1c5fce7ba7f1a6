import type { Attempt, ResolvedConfig } from '@chaos/spec';
import type { Arm, RunData } from '@chaos/triage';
import { keepCpusBusy } from './busy-cpus.js';
import { rerun, type RerunResult } from './rerunner.js';

/** What to run again, and how. */
export interface ArmOptions {
  readonly run: RunData;
  readonly ids: ReadonlySet<string>;
  /** That of the run; the arm changes one thing of it. */
  readonly config: ResolvedConfig;
  /** Runs of each test; with its neighbours it runs once. */
  readonly runs: number;
  readonly signal: AbortSignal;
}

/** Runs tests under an arm. */
export async function runArm(arm: Arm, { run, ids, config, runs, signal }: ArmOptions): Promise<RerunResult> {
  const common = { config: changedBy(arm, config), variant: run.variant, signal };
  if (arm === 'CPU busy') {
    using busy = keepCpusBusy();
    void busy;
    return await rerun({ ...common, ids, runs });
  }
  if (arm === 'faults off') return rerun({ ...common, ids, runs, faults: false });
  if (arm === 'reference') return rerun({ ...common, ids, runs, variant: undefined });
  if (arm === 'with neighbours') return onlyOf(ids, await rerun({ ...common, ids: before(run, ids) }));
  return rerun({ ...common, ids, runs });
}

function changedBy(arm: Arm, config: ResolvedConfig): ResolvedConfig {
  switch (arm) {
    case 'other seed':
      return { ...config, runner: { ...config.runner, seed: `${config.runner.seed}-other-${Math.random()}` } };
    case 'time-outs x4':
      return { ...config, deadlineFactor: 4 * config.deadlineFactor };
    case 'load x0.5':
      return withLoad(config, 0.5);
    case 'load x2':
      return withLoad(config, 2);
    case 'load x4':
      return withLoad(config, 4);
    default:
      return config;
  }
}

function withLoad(config: ResolvedConfig, factor: number): ResolvedConfig {
  return { ...config, concurrentRequests: Math.max(1, Math.round(config.concurrentRequests * factor)) };
}

// All tests that ran, so that each suspect has those before it that it had in the run.
function before(run: RunData, ids: ReadonlySet<string>): ReadonlySet<string> {
  const ran = run.tests.filter(({ attempts }) => attempts.length > 0);
  const started = (id: string): number => ran.find(({ test }) => test.id === id)?.attempts[0]?.startMs ?? 0;
  const last = Math.max(...[...ids].map(started));
  return new Set(ran.filter(({ attempts }) => attempts[0]!.startMs <= last).map(({ test }) => test.id));
}

function onlyOf(ids: ReadonlySet<string>, result: RerunResult): RerunResult {
  const attempts = new Map<string, readonly Attempt[]>();
  for (const [id, each] of result.attempts) if (ids.has(id)) attempts.set(id, each);
  return { ...result, attempts };
}
