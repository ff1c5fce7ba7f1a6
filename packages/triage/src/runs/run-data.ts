import type { Attempt, ResolvedConfig, RunStatus, SerializedError, TestCase } from '@chaos/spec';
import type { Verdict } from '@chaos/record';
import type { RunPlace } from './run-place.js';

/** A test of a finished run with everything that is known of its attempts. */
export interface TestData {
  readonly test: TestCase;
  /** In order; the errors of a passed attempt and its steps may be missing in a record of the history. */
  readonly attempts: readonly Attempt[];
  readonly verdict: Verdict;
  /** Reason why it was skipped or inconclusive; empty if there is none. */
  readonly reason: string;
}

/** A run as it is read back from its record. */
export interface RunData {
  readonly runId: string;
  /** The file that it was read from. */
  readonly file: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  /** `undefined` where the record ends before the run did. */
  readonly status: RunStatus | undefined;
  /** Version of chaos. */
  readonly version: string;
  readonly argv: readonly string[];
  readonly variant: string | undefined;
  /** True if nothing was injected (`--no-faults`), in any part of the run. */
  readonly withoutFaults: boolean;
  readonly config: ResolvedConfig;
  /** Machine and commit; absent in reports of the blob reporter. */
  readonly place: RunPlace | undefined;
  readonly tests: readonly TestData[];
  /** Errors outside of tests. */
  readonly errors: readonly SerializedError[];
}
