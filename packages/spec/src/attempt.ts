import type { FaultWindow } from './fault.js';
import type { Json } from './json.js';
import type { SampleSummary } from './sample.js';
import type { Annotation, Location, TestCase } from './test-case.js';

/** A thrown value as data. `message` is its first lines, `stack` is mapped to sources. */
export interface SerializedError {
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  /** The thrown value, printed, if it was no Error. */ readonly value?: string;
  readonly code?: string;
  readonly hint?: string;
  readonly cause?: SerializedError;
  readonly location?: Location;
  readonly snippet?: string;
  /** `InvariantViolation`: no retry clears it. */ readonly invariant?: boolean;
}

/** A step of a test, nested. */
export interface StepResult {
  readonly title: string;
  readonly category: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly location?: Location;
  readonly params?: Readonly<Record<string, Json>>;
  readonly error?: SerializedError;
  readonly steps: readonly StepResult[];
}

/** A file or a small body that belongs to an attempt. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly path?: string;
  /** Base64. */ readonly body?: string;
}

/** Final status of an attempt, with Playwright's values only. */
export type AttemptStatus = 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';

/** Time until the target was healthy again after a fault was healed, ms. */
export interface Recovery {
  readonly what: string;
  readonly recoveryMs: number;
  readonly withinMs: number;
}

/** One try of one test, with everything observed in it. */
export interface Attempt {
  readonly testId: string;
  /** 0 = the first try. */ readonly retry: number;
  readonly status: AttemptStatus;
  /** Milliseconds since the Unix epoch. */ readonly startMs: number;
  readonly durationMs: number;
  readonly workerIndex: number;
  readonly parallelIndex: number;
  /** In a merged report. */ readonly shardIndex?: number;
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
  readonly samples?: SampleSummary;
  /** Reason why the phenomenon could not be provoked; `status` is `skipped` then. */ readonly inconclusive?: string;
  /** Real outcome of a test in quarantine; `status` is `skipped` then. */ readonly quarantined?: {
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
