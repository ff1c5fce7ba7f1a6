import type { Executor } from '../executors/executor.js';
import type { Snapshot } from './snapshot.js';

/** All that is needed to make a device as it was, as plain data. */
export interface RestoreData {
  readonly executor: Executor;
  readonly device: string;
  readonly snapshot: Snapshot;
  /** The network namespace that a local executor acted in; `null`: whichever this is, or the executor enters it. */
  readonly namespace: string | null;
}
