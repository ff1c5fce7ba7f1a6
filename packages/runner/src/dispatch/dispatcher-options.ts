import type { EventLoopReading } from '@chaos/monitor';
import type { ResolvedConfig, RunEvent } from '@chaos/spec';
import type { Results } from './results.js';
import type { SlotProcess } from '../processes/slot-process.js';
import type { WorkerPool } from '../processes/worker-pool.js';

/** Dependencies of a dispatcher. */
export interface DispatcherOptions {
  readonly config: ResolvedConfig;
  readonly slots: readonly SlotProcess[];
  readonly workers: WorkerPool;
  readonly results: Results;
  readonly signal: AbortSignal;
  readonly journalDirectory: string | undefined;
  readonly deadlineFactor: number;
  readonly importedBy: ReadonlyMap<string, number>;
  readonly emit: (event: RunEvent) => void;
  readonly eventLoop: (parallelIndex: number, reading: EventLoopReading) => void;
}
