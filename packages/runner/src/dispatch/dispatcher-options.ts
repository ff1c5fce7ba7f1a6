import type { EventLoopReading } from '@chaos/monitor';
import type { ResolvedConfig, RunEvent, SerializedError } from '@chaos/spec';
import type { EnvironmentChanges } from '../ipc/messages.js';
import type { JobChain } from '../plan/job-chains.js';
import type { Results } from './results.js';
import type { Stress } from './stress.js';
import type { SlotProcess } from '../processes/slot-process.js';
import type { WorkerPool } from '../processes/workers/worker-pool.js';

/** Dependencies of a dispatcher. */
export interface DispatcherOptions {
  readonly config: ResolvedConfig;
  readonly slots: readonly SlotProcess[];
  readonly workers: WorkerPool;
  readonly results: Results;
  readonly signal: AbortSignal;
  readonly journalDirectory: string | undefined;
  readonly deadlineFactor: number;
  /** What the projects that this one depends on have left in the environment. */
  readonly environmentOf: (project: string) => EnvironmentChanges;
  readonly importedBy: ReadonlyMap<string, number>;
  readonly emit: (event: RunEvent) => void;
  readonly eventLoop: (parallelIndex: number, reading: EventLoopReading) => void;
}

/** Runs chains of jobs: in processes of this one, or elsewhere. */
export interface Dispatching {
  /** Reason why nothing more is started, if any. */
  readonly stopReason: string | undefined;
  /** The error that prevented the set-up of the environment, if any. */
  readonly environmentError: SerializedError | undefined;
  run(chains: readonly JobChain[], stress?: Stress): Promise<void>;
  /** Runs chains of teardown projects: after too many failures, too. */
  runTeardown(chains: readonly JobChain[]): Promise<void>;
}
