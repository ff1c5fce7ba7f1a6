import type { CheckOptions } from '../check.js';
import type { HistoryProcess } from '../record/history-process.js';

/** Operations on a real system whose history a checker understands. */
export interface Workload {
  /** As reports show it. */
  readonly name: string;
  /** Options of the check of its history: `check(history, workload.check)`. */
  readonly check: CheckOptions;
  /** Makes the world that it starts from, whatever was there. */
  setup(): Promise<unknown>;
  /** One operation of a process. Rejects when it did not end `ok`; the recorder has it then, too. */
  step(process: HistoryProcess): Promise<unknown>;
  /** Makes what the checker needs to see in the end: a last read, an empty queue. Rejects when it could not be had. */
  finish?(process: HistoryProcess): Promise<unknown>;
  /** Closes what it has opened. Twice is harmless. */
  close?(): void;
}

/** Options of every workload. */
export interface WorkloadOptions {
  /** The same seed asks the same questions in the same order. */
  readonly seed: string;
}
