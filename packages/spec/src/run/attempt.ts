import type { FaultWindow } from '../faults/fault.js';
import type { Json } from '../json.js';
import type { ExperimentReport, LoadReport } from './load-result.js';
import type { MachineFacts, SampleSummary } from './sample.js';
import type { Annotation, Location, TestCase } from './test-case.js';

/** A thrown value as data. `message` is its first lines, `stack` is mapped to sources. */
export interface SerializedError {
  /** Name of its class. */
  readonly name?: string;
  /** Its text, without the name. */
  readonly message?: string;
  /** Name, message and frames. */
  readonly stack?: string;
  /** The thrown value, printed, where it was no Error. */
  readonly value?: string;
  /** Of a `ChaosError`, or of an error of node's. */
  readonly code?: string;
  /** The fix, in a sentence. */
  readonly hint?: string;
  /** The error behind it. */
  readonly cause?: SerializedError;
  /** The line of the test that it came from. */
  readonly location?: Location;
  /** Lines of the test around it. */
  readonly snippet?: string;
  /** `InvariantViolation`: no retry clears it. */
  readonly invariant?: boolean;
}

/** A step of a test, nested. */
export interface StepResult {
  /** As reports show it. */
  readonly title: string;
  /**
   * The kind of step: `test.step`. Where a reporter asks for it (`everyStep` of `Reporter`) also `hook`, `fixture`,
   * `expect` and `test.attach`.
   */
  readonly category: string;
  /** Wall clock, milliseconds since 1970. */
  readonly startMs: number;
  /** Milliseconds. */
  readonly durationMs: number;
  /** The line that it was started from. */
  readonly location?: Location;
  /** Parameters that the step was told. */
  readonly params?: Readonly<Record<string, Json>>;
  /** Its failure. */
  readonly error?: SerializedError;
  /** Notes: `skip` where it was skipped. */
  readonly annotations?: readonly Annotation[];
  /** Attachments that were added to it: indices in the attempt's. */
  readonly attachments?: readonly number[];
  /** Steps within it. */
  readonly steps: readonly StepResult[];
}

/** A file or a small body that belongs to an attempt. */
export interface Attachment {
  /** As reports show it. */
  readonly name: string;
  /** MIME type. */
  readonly contentType: string;
  /** Absolute path of the file. */
  readonly path?: string;
  /** Base64. */
  readonly body?: string;
}

/** Final status of an attempt, with Playwright's values only. */
export type AttemptStatus = 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';

/** Time until the target was healthy again after a fault was healed, ms. */
export interface Recovery {
  /** Name of the part that recovered. */
  readonly what: string;
  /** Time that it took, ms. */
  readonly recoveryMs: number;
  /** Time that it was allowed, ms. */
  readonly withinMs: number;
}

/**
 * The kind of failure of an attempt. Says what broke, not who is to blame:
 *
 * - `invariant`: the system gave a wrong result. Has precedence over every other class.
 * - `assertion`: an expectation did not hold.
 * - `timeout`: the test, a hook or a fixture exceeded its time.
 * - `operation`: an operation of the target, or a connection to it, failed.
 * - `target`: the target ended, or did not come up or recover as the test expects.
 * - `fault`: a fault was refused, did not act as planned, or was not undone.
 * - `environment`: the machine, a service or a slot failed, or lacks something.
 * - `worker`: the worker process ended or hung while the test ran.
 * - `test`: the test misuses an API, left something behind, or did not await its work.
 * - `interrupted`: the run was stopped.
 * - `error`: anything else that was thrown.
 */
export type FailureClass =
  | 'invariant'
  | 'assertion'
  | 'timeout'
  | 'operation'
  | 'target'
  | 'fault'
  | 'environment'
  | 'worker'
  | 'test'
  | 'interrupted'
  | 'error';

/** One try of one test, with everything observed in it. */
export interface Attempt {
  readonly testId: string;
  /** 0 = the first try. */
  readonly retry: number;
  readonly status: AttemptStatus;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly workerIndex: number;
  readonly parallelIndex: number;
  /** In a merged report. */
  readonly shardIndex?: number;
  readonly seed: string;
  readonly errors: readonly SerializedError[];
  readonly steps: readonly StepResult[];
  readonly attachments: readonly Attachment[];
  readonly annotations: readonly Annotation[];
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Time at which each text of `stdout` arrived, ms since the Unix epoch; absent where texts are left out. */
  readonly stdoutMs?: readonly number[];
  /** The same of `stderr`. */
  readonly stderrMs?: readonly number[];
  /** Time of each phase: reset, fixtures, hooks, body, heal, check. */
  readonly phases: readonly { readonly name: string; readonly durationMs: number }[];
  readonly faults: readonly FaultWindow[];
  readonly recoveries: readonly Recovery[];
  /** Loads of `load.closed()` in the order of their start, the first 100. */
  readonly loads: readonly LoadReport[];
  /** Experiments that ended well, in the order of their ends, the first 100. */
  readonly experiments?: readonly ExperimentReport[];
  readonly samples?: SampleSummary;
  /** The machine during the attempt; only where it is watched, which is in runs with slots. */
  readonly machine?: MachineFacts;
  /** Of an attempt that failed, in quarantine or not. */
  readonly failureClass?: FailureClass;
  /** Reason why the phenomenon could not be provoked; `status` is `skipped` then. */
  readonly inconclusive?: string;
  /** Real outcome of a test in quarantine; `status` is `skipped` then. */
  readonly quarantined?: {
    readonly status: AttemptStatus;
    readonly errors: readonly SerializedError[];
  };
}

/** Outcome of a test over all its attempts, with Playwright's values. */
export type TestOutcome = 'expected' | 'unexpected' | 'flaky' | 'skipped';

/** Reruns selected tests under changed conditions; passed to triage, which runs nothing itself. */
export type Rerun = (request: {
  readonly tests: readonly TestCase[];
  readonly repeat: number;
  readonly overrides: Readonly<Record<string, string | number | boolean>>;
  readonly signal: AbortSignal;
}) => Promise<readonly Attempt[]>;
