import type { EventLoopReading } from '@chaos/monitor';
import type {
  Attempt,
  Incident,
  Json,
  Location,
  ResolvedConfig,
  RetryPolicy,
  RunEvent,
  SerializedError,
  SlotFixtureReference,
  TestCase,
} from '@chaos/spec';
import type { RetryOrder } from '../retry/decide-retry.js';
import type { RetryAnswer, RetryQuestion } from '../retry/retry-question.js';

/** Fixed for the lifetime of a worker or slot process. */
export interface ProcessInit {
  readonly runId: string;
  readonly config: ResolvedConfig;
  readonly parallelIndex: number;
  readonly variant: string | undefined;
  readonly faults: boolean;
  readonly argv: readonly string[];
  /** Version of this runner. */
  readonly version: string;
}

export interface WorkerInit extends ProcessInit {
  readonly workerIndex: number;
  /** Value in main. */
  readonly wallOffsetMs: number;
  /** True if a reporter asks for the steps of hooks, fixtures, matchers and attachments, too. */
  readonly everyStep: boolean;
}

export interface SlotInit extends ProcessInit {
  /** Folder of the journals, mode 0700. */
  readonly journalDirectory: string;
  readonly directory: string;
  /** True if it has its own network namespace. */
  readonly sandboxed: boolean;
}

/** A test as found by the worker when loading; the plan adds projects. `id` is the declaration's. */
export interface LoadedTest extends Omit<TestCase, 'project' | 'timeoutMs' | 'retries'> {
  /** As set in the file; otherwise the project decides. */
  readonly timeoutMs: number | undefined;
  readonly retries: Partial<RetryPolicy> | undefined;
  /** `test.slow()`: three times the time. */
  readonly slow: boolean;
  /** Index path in the file: a stable key for order and grouping. */
  readonly order: number;
  /** Positions of the groups around it in its file, if there are any. */
  readonly groups?: readonly { readonly line: number; readonly column: number }[];
  /** The test, or one of its hooks, uses a fixture, so faults are possible. */
  readonly takesFixtures: boolean;
  /** Names of slot fixtures that it needs, directly or through others. */
  readonly slotNeeds: readonly string[];
  readonly only: boolean;
  /** Skipped by declaration, with the reason. */
  readonly skipped: string | undefined;
  /** Operations that the target lacks for it, as a reason to skip it. */
  readonly unmet: string | undefined;
  /** The outermost serial suite around it, by position, if any. */
  readonly serial: string | undefined;
  /** Tests with the same value share a process, and with no other test. */
  readonly isolate: string | undefined;
  /** From the innermost suite that sets it: true if the test may run apart from other tests of its file. */
  readonly mode: 'default' | 'serial' | 'parallel';
}

export interface LoadedFile {
  readonly file: string;
  readonly tests: readonly LoadedTest[];
  /** All slot fixtures that tests of this file can reach, by name. */
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
  /** The user's own files that the file imports, directly or through others; only if requested. */
  readonly dependencies: readonly string[];
  readonly errors: readonly SerializedError[];
}

/** A leftover of a test. */
export interface Leak {
  readonly what: string;
  /** Position at which it was opened. */
  readonly location?: Location;
}

/** One test to run, as decided by the plan. */
export interface TestOrder extends RetryOrder {
  readonly testId: string;
  /** The declaration's id. */
  readonly declaredId: string;
  readonly project: string;
  readonly repeatEachIndex: number;
  readonly retry: number;
  /** `retry` counts repetitions: the test is not told about earlier runs. */
  readonly repeats: boolean;
  readonly timeoutMs: number;
  /** Its failures do not count. */
  readonly inQuarantine: boolean;
}

export interface RunOrder {
  readonly file: string;
  readonly tests: readonly TestOrder[];
  /** Stop at the first failure. */
  readonly serial: boolean;
  /** End after this many failures; 0 = no limit. */
  readonly maxFailures: number;
  /** No more tests of this file follow on this worker: run its afterAll hooks. */
  readonly last: boolean;
  /** Of the project. */
  readonly outputDir: string;
  /** Folder of the journals, mode 0700; absent if no test of the run uses a fixture. */
  readonly journalDirectory: string | undefined;
  readonly deadlineFactor: number;
  /** Addresses of the slot's fixtures. */
  readonly addresses: Readonly<Record<string, Json>>;
  /** Changes that the projects which its project depends on have left in the environment. */
  readonly environment: EnvironmentChanges;
}

export interface SlotCall {
  readonly fixture: string;
  readonly method: string;
  readonly args: readonly Json[];
}

/** Activity of a worker, to explain where it hangs. */
export interface Whereabouts {
  readonly phase: { readonly name: string; readonly forMs: number; readonly location?: Location } | undefined;
  /** Open steps, the outermost first. */
  readonly steps: readonly { readonly title: string; readonly forMs: number }[];
  readonly waits: readonly { readonly what: string; readonly forMs: number; readonly location?: Location }[];
  /** Resources that keep its event loop alive, by node's names. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Environment variables with changed values; `null`: removed. */
export type EnvironmentChanges = Readonly<Record<string, string | null>>;

/** Messages from main to a worker. */
export interface ToWorker {
  readonly requests: {
    readonly init: readonly [WorkerInit, null];
    readonly load: readonly [{ readonly file: string; readonly withDependencies: boolean }, LoadedFile];
    readonly run: readonly [RunOrder, { readonly tainted: string | undefined }];
    /**
     * Runs the tests of the order again, without reports, to find who opens their leftovers; returns them by test id,
     * as far as it got.
     */
    readonly lookForLeaks: readonly [
      RunOrder,
      {
        readonly tainted: string | undefined;
        readonly leaks: Readonly<Record<string, readonly Leak[]>>;
        readonly marks: { readonly stdout: boolean; readonly stderr: boolean };
      },
    ];
    readonly mayRetry: readonly [RetryQuestion, RetryAnswer];
    /** Takes over other workers' environment changes, and returns its own since the last request. */
    readonly environment: readonly [null, Readonly<Record<string, EnvironmentChanges>>];
    /** Milliseconds by which the running test is late; not positive where all is well. */
    readonly ping: readonly [null, number];
    readonly where: readonly [null, Whereabouts];
    readonly stop: readonly [null, null];
  };
  readonly notifications: {
    readonly abort: { readonly reason: string };
    readonly slotLost: { readonly reason: string };
  };
}

/** Events of an attempt that a worker tells while it runs. */
export type AttemptEvent = Extract<
  RunEvent,
  { readonly type: 'fault-start' | 'fault-end' | 'step-start' | 'step-end' }
>;

/** Messages from a worker to main. */
export interface FromWorker {
  readonly requests: {
    readonly slotCall: readonly [SlotCall, Json];
    /** True if the run goes on after what was reported so far. */
    readonly goesOn: readonly [null, boolean];
  };
  readonly notifications: {
    /** The file of the order was imported. */
    readonly imported: null;
    readonly testBegin: {
      readonly testId: string;
      readonly retry: number;
      readonly timeMs: number;
      readonly timeoutMs: number;
    };
    readonly timeoutChange: { readonly testId: string; readonly timeoutMs: number };
    readonly testEnd: {
      readonly attempt: Attempt;
      readonly leaks: readonly Leak[];
      readonly marks: { readonly stdout: boolean; readonly stderr: boolean };
      readonly expectedStatus: TestCase['expectedStatus'];
      readonly retriable: boolean;
    };
    readonly testSkip: { readonly testId: string; readonly reason: string };
    /** The worker lacks the requested test, or could not load its file: the test has failed. */
    readonly testMissing: { readonly testId: string; readonly error: SerializedError };
    /** A failure of the running attempt, at once: its worker may not live to report the attempt. */
    readonly testError: {
      readonly testId: string;
      readonly error: SerializedError;
      /** What the attempt has by now; only with its first failures. */
      readonly written?: Pick<Attempt, 'annotations' | 'attachments'>;
    };
    /** A fault or a step of the running attempt begins or ends. */
    readonly progress: AttemptEvent;
    readonly error: { readonly error: SerializedError };
    /** Last message of a process whose own code ends it. */
    readonly exit: { readonly error: SerializedError };
    readonly eventLoop: EventLoopReading;
  };
}

/** The slot fixtures that are up. */
export interface SlotState {
  readonly addresses: Readonly<Record<string, Json>>;
  /** Of those that have a process. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Messages from main to a slot. */
export interface ToSlot {
  readonly requests: {
    readonly init: readonly [SlotInit, null];
    /** Starts the named fixtures and their dependencies. */
    readonly ensure: readonly [
      { readonly fixtures: Readonly<Record<string, SlotFixtureReference>>; readonly names: readonly string[] },
      SlotState,
    ];
    readonly reset: readonly [null, SlotState];
    readonly call: readonly [SlotCall, Json];
    readonly ping: readonly [null, null];
    readonly down: readonly [null, null];
  };
  readonly notifications: { readonly [K in never]: never };
}

/** Messages from a slot to main. */
export interface FromSlot {
  readonly requests: {
    readonly takePort: readonly [{ readonly purpose: string }, number];
    readonly outside: readonly [{ readonly module: string; readonly name: string }, Json];
  };
  readonly notifications: {
    readonly log: { readonly line: string };
    /** Something that people should know, in the report of the next test. */
    readonly note: { readonly text: string };
    /** Happened outside of tests. */
    readonly incident: Incident;
    readonly eventLoop: EventLoopReading;
  };
}
