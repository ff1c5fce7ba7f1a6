import type { ReportIndex, TestRow } from './report-data.js';

/** What goes on at this moment. */
export interface LiveState {
  readonly isRunning: boolean;
  readonly isWatching: boolean;
  /** Why the last run began, or what went wrong. */
  readonly note: string;
  /** Tests of the run that is under way, and how many of them have ended. */
  readonly planned: number;
  readonly ended: number;
  readonly tests: readonly RunningTest[];
  /** Slots that are not ready. */
  readonly slots: readonly { readonly slot: number; readonly state: string }[];
  /** The machine in the last two minutes. */
  readonly host: { readonly timeMs: readonly number[]; readonly cpus: readonly number[] };
}

/** A test that runs now. */
export interface RunningTest {
  readonly testId: string;
  readonly retry: number;
  readonly slot: number;
  readonly startMs: number;
  /** Faults that are in force. */
  readonly faults: readonly string[];
  /** The step that it is in. */
  readonly step?: string;
}

/** The first message to a page: everything. */
export interface LiveStart {
  readonly index: ReportIndex;
  readonly state: LiveState;
}

/** A later message: what has changed since the one before. */
export interface LiveChange extends Omit<ReportIndex, 'tests' | 'schemaVersion'> {
  readonly rows: readonly TestRow[];
  readonly state: LiveState;
}
