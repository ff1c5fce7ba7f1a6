import type { Attempt, SerializedError, TestOutcome } from './attempt.js';
import type { ResolvedConfig } from './resolved-config.js';
import type { OverloadVerdict, Sample } from './sample.js';
import type { TestCase } from './test-case.js';

/** Final status of a run. */
export type RunStatus = 'passed' | 'failed' | 'timedout' | 'interrupted';

/** Everything that happens in a run, in order. Reporters are pure consumers of it. */
export type RunEvent =
  | {
      readonly type: 'run-start';
      readonly runId: string;
      readonly startMs: number;
      readonly version: string;
      readonly argv: readonly string[];
      readonly variant?: string;
      readonly until?: string;
      /** Text that decides how tests are split into shards; the same for all shards of one run. */
      readonly shardBasis?: string;
      /** Durations by test id, if known from earlier runs, ms. */
      readonly expectedMs?: Readonly<Record<string, number>>;
      readonly config: ResolvedConfig;
      readonly tests: readonly TestCase[];
    }
  | {
      readonly type: 'slot-state';
      readonly slot: number;
      readonly state: 'starting' | 'ready' | 'resetting' | 'rebuilding' | 'down';
      readonly timeMs: number;
      readonly detail?: string;
    }
  | {
      readonly type: 'test-start';
      readonly testId: string;
      readonly retry: number;
      readonly workerIndex: number;
      readonly parallelIndex: number;
      readonly timeMs: number;
    }
  | {
      readonly type: 'fault-start';
      readonly testId: string;
      readonly retry: number;
      readonly name: string;
      readonly timeMs: number;
    }
  | {
      readonly type: 'fault-end';
      readonly testId: string;
      readonly retry: number;
      readonly name: string;
      readonly timeMs: number;
    }
  | {
      readonly type: 'test-output';
      readonly testId?: string;
      readonly retry?: number;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | { readonly type: 'test-end'; readonly attempt: Attempt; readonly outcome?: TestOutcome } // `outcome` is there when no further attempt is due; one may follow in a serial group, and takes its place.
  | {
      readonly type: 'test-skip';
      readonly testId: string;
      readonly reason: string;
      readonly didNotRun: boolean;
      readonly outcome?: TestOutcome;
    } // A test that was planned gets no attempt (any more): skipped, locked out, run stopped early. `outcome` is what its earlier attempts come to.
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'overload-change'; readonly verdict: OverloadVerdict; readonly timeMs: number }
  | { readonly type: 'run-error'; readonly error: SerializedError } // An error that belongs to no test.
  | { readonly type: 'diagnostic'; readonly text: string; readonly asked?: boolean } // Printed with `--verbose`, or because somebody asked.
  | {
      readonly type: 'run-end';
      readonly status: RunStatus;
      readonly endMs: number;
      readonly durationMs: number;
      readonly calibration?: {
        readonly speed: number;
        readonly contention: number;
        readonly deadlineFactor: number;
        readonly duringContention?: number;
      };
    };

/** A consumer of {@link RunEvent}s. A reporter that throws is reported and dropped; the run goes on and fails. */
export interface Reporter {
  /** True if it writes to standard output itself. */
  readonly printsToStdout?: boolean;
  onEvent(event: RunEvent): void;
  /** Called once after `run-end`; all output must be written when it resolves. */
  end?(): Promise<void>;
}
