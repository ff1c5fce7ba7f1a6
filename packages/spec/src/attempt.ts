import type { FaultWindow } from './fault.js';
import type { Json } from './json.js';
import type { LoadReport } from './load-result.js';
import type { SampleSummary } from './sample.js';
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
  /** The kind of step: `test.step`. */
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
  /** Time of each phase: reset, fixtures, hooks, body, heal, check. */
  readonly phases: readonly { readonly name: string; readonly durationMs: number }[];
  readonly faults: readonly FaultWindow[];
  readonly recoveries: readonly Recovery[];
  /** Loads of `load.closed()` in the order of their start, the first 100. */
  readonly loads: readonly LoadReport[];
  readonly samples?: SampleSummary;
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
