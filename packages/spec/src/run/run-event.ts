import type { Attempt, SerializedError, TestOutcome } from './attempt.js';
import type { Json } from '../json.js';
import type { ResolvedConfig } from '../resolved-config.js';
import type { CalibrationFacts, OverloadVerdict, Sample } from './sample.js';
import type { Annotation, Location, TestCase } from './test-case.js';

/** Final status of a run. */
export type RunStatus = 'passed' | 'failed' | 'timedout' | 'interrupted';

/** The process that an event is about. Tells apart the parts of a run that was merged from several machines. */
export interface EventOrigin {
  /** Name of the machine, or of the job as named by the blob reporter's option `name`. */
  readonly host: string;
  /** Index of the parallel place, for events of a slot or of its worker. */
  readonly slot?: number;
  /** `workerIndex`, for events of a test that a worker runs. */
  readonly worker?: number;
}

/**
 * Everything that happens in a run, in order. Reporters are pure consumers of it.
 *
 * The event bus adds the `origin` where an event has none, so every event that reaches a reporter has one.
 */
export type RunEvent = BareEvent & { readonly origin?: EventOrigin };

type BareEvent =
  | {
      readonly type: 'run-start';
      readonly runId: string;
      readonly startMs: number;
      readonly version: string;
      readonly argv: readonly string[];
      readonly variant?: string;
      /** With `--no-faults`: nothing was injected, so a passed test says nothing about faults. */
      readonly withoutFaults?: true;
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
      readonly type: 'step-start';
      readonly testId: string;
      readonly retry: number;
      /** Number of the step in its attempt, from 1. */
      readonly step: number;
      /** `step` of the step around it. */
      readonly parent?: number;
      readonly title: string;
      /** The kind of step, as in `StepResult`. */
      readonly category: string;
      readonly location?: Location;
      readonly params?: Readonly<Record<string, Json>>;
      readonly timeMs: number;
    }
  // A step that still runs at `test-end` gets none.
  | {
      readonly type: 'step-end';
      readonly testId: string;
      readonly retry: number;
      readonly step: number;
      readonly durationMs: number;
      readonly error?: SerializedError;
      /** Notes: `skip` where it was skipped. */
      readonly annotations?: readonly Annotation[];
      /** Attachments that were added to it: indices in the attempt's. */
      readonly attachments?: readonly number[];
      readonly timeMs: number;
    }
  | {
      readonly type: 'test-output';
      readonly testId?: string;
      readonly retry?: number;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'test-end';
      readonly attempt: Attempt;
      /** There when no further attempt is due. One may follow in a serial group, and its outcome takes the place. */
      readonly outcome?: TestOutcome;
    }
  // A test that was planned gets no attempt (any more): skipped, locked out, run stopped early.
  | {
      readonly type: 'test-skip';
      readonly testId: string;
      readonly reason: string;
      readonly didNotRun: boolean;
      /** Result of its earlier attempts. */
      readonly outcome?: TestOutcome;
    }
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'overload-change'; readonly verdict: OverloadVerdict; readonly timeMs: number }
  // An error that belongs to no test.
  | { readonly type: 'run-error'; readonly error: SerializedError }
  // Printed with `--verbose`, or because somebody asked (`asked`).
  | { readonly type: 'diagnostic'; readonly text: string; readonly asked?: boolean }
  | {
      readonly type: 'run-end';
      readonly status: RunStatus;
      readonly endMs: number;
      readonly durationMs: number;
      /** `duringContention`: mean contention while the run went on. */
      readonly calibration?: CalibrationFacts & { readonly duringContention?: number };
    };

/** A consumer of {@link RunEvent}s. A reporter that throws is reported and dropped; the run goes on and fails. */
export interface Reporter {
  /** True if it writes to standard output itself. */
  readonly printsToStdout?: boolean;
  /** True if it wants to hear the steps of hooks, fixtures, matchers and attachments, too; else only `test.step`. */
  readonly everyStep?: boolean;
  onEvent(event: RunEvent): void;
  /** Called once after `run-end`; all output must be written when it resolves. */
  end?(): Promise<void>;
}
