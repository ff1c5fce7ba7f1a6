import type { FullConfig, FullProject } from '../data/full-config.js';
import type { ResolvedConfig } from '@chaos/spec';
import { Clock } from './time/clock.js';
import type { Running } from './attempt/running.js';

/**
 * Info for a worker fixture: it outlives the test, so it does not get that test's info. Playwright's names, and chaos
 * additions.
 */
export interface WorkerInfo {
  readonly config: FullConfig;
  readonly project: FullProject;
  readonly parallelIndex: number;
  readonly workerIndex: number;
  /** Aborted when the current set-up or teardown has run out of time. */
  readonly signal: AbortSignal;
  readonly chaos: { readonly config: ResolvedConfig; readonly seed: string; readonly variant: string | undefined };
}

/** Index of the worker that runs this test. */
export function workerInfo({ session, info }: Running): WorkerInfo {
  const { parallelIndex, workerIndex, variant } = session.init;
  const { config } = session;
  return {
    // Created on first use.
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
