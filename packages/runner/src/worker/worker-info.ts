import type { FullConfig, FullProject } from '../info/full-config.js';
import type { ResolvedConfig } from '@chaos/spec';
import { Clock } from './clock.js';
import type { Running } from './running.js';

/**
 * What a worker fixture is told: it outlives the test, so it is not shown that test's info. Playwright's names, and
 * what chaos adds.
 */
export interface WorkerInfo {
  readonly config: FullConfig;
  readonly project: FullProject;
  readonly parallelIndex: number;
  readonly workerIndex: number;
  /** Aborted when the set-up or teardown under way has run out of time. */
  readonly signal: AbortSignal;
  readonly chaos: { readonly config: ResolvedConfig; readonly seed: string; readonly variant: string | undefined };
}

/** Of the worker that runs this test. */
export function workerInfo({ session, info }: Running): WorkerInfo {
  const { parallelIndex, workerIndex, variant } = session.init;
  const { config } = session;
  return {
    // Made when they are asked for.
    get config() {
      return info.config;
    },
    get project() {
      return info.project;
    },
    parallelIndex,
    workerIndex,
    get signal() {
      return Clock.underWay?.signal ?? AbortSignal.abort();
    },
    chaos: { config, seed: config.runner.seed, variant },
  };
}
