import type { EventLoopReading } from '@chaos/monitor';
import type {
  Attempt,
  Json,
  Location,
  ResolvedConfig,
  RetryPolicy,
  SerializedError,
  SlotFixtureReference,
  TestCase,
} from '@chaos/spec';

/** Fixed for the life of a worker or slot process. */
export interface ProcessInit {
  readonly runId: string;
  readonly config: ResolvedConfig;
  readonly parallelIndex: number;
  readonly variant: string | undefined;
  readonly faults: boolean;
  readonly argv: readonly string[];
  /** Of this runner. */
  readonly version: string;
}

export interface WorkerInit extends ProcessInit {
  readonly workerIndex: number;
  /** Of main. */
  readonly wallOffsetMs: number;
}

export interface SlotInit extends ProcessInit {
  /** 0700 folder of the ledger. */
  readonly journalDirectory: string;
  readonly directory: string;
  /** It has a network namespace of its own. */
  readonly sandboxed: boolean;
}

/** A test as the worker found it while loading; the plan binds it to projects. `id` is the declaration's. */
export interface LoadedTest extends Omit<TestCase, 'project' | 'timeoutMs' | 'retries'> {
  /** As the file says; else the project decides. */
  readonly timeoutMs: number | undefined;
  readonly retries: Partial<RetryPolicy> | undefined;
  /** `test.slow()`: three times the time. */
  readonly slow: boolean;
  /** Index path in the file: stable ground for order and grouping. */
  readonly order: number;
  /** It, or a hook of it, takes a fixture: faults are possible. */
  readonly takesFixtures: boolean;
  /** Names of slot fixtures that it needs, itself or through others. */
  readonly slotNeeds: readonly string[];
  readonly only: boolean;
  /** Skipped by declaration, with the reason. */
  readonly skipped: string | undefined;
  /** The outermost serial suite around it, by position, if any. */
  readonly serial: string | undefined;
  /** Those that have the same here share a process, and with no other. */
  readonly isolate: string | undefined;
  /** Of the innermost suite that says one: whether it may run apart from the other tests of its file. */
  readonly mode: 'default' | 'serial' | 'parallel';
}

export interface LoadedFile {
  readonly file: string;
  readonly tests: readonly LoadedTest[];
  /** By name: every slot fixture that tests of this file can reach. */
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
  /** What the file imports of the user's own, itself and through others; where it was asked for. */
  readonly dependencies: readonly string[];
  readonly errors: readonly SerializedError[];
}

/** Something that a test has left behind. */
export interface Leak {
  readonly what: string;
  /** Where it was opened. */
  readonly location?: Location;
}

/** One test to run, as decided by the plan. */
export interface TestOrder {
  readonly testId: string;
  /** The declaration's id. */
  readonly declaredId: string;
  readonly project: string;
  readonly repeatEachIndex: number;
  readonly retry: number;
  /** `retry` counts repetitions: the test is not told that it was tried before. */
  readonly repeats: boolean;
  readonly timeoutMs: number;
  /** A failure will be followed by another try. */
  readonly mayRetry: boolean;
  /** That is the next that this worker does: it ends the order and keeps suites open. */
  readonly retryNext: boolean;
}

export interface RunOrder {
  readonly file: string;
  readonly tests: readonly TestOrder[];
  /** Stop at the first failure. */
  readonly serial: boolean;
  /** End after this many failures; 0 = no limit. */
  readonly maxFailures: number;
  /** Nothing more of this file follows on this worker: run its afterAll hooks. */
  readonly last: boolean;
  /** Of the project. */
  readonly outputDir: string;
  /** 0700 folder of the ledger; there is none when no test of the run takes a fixture. */
  readonly journalDirectory: string | undefined;
  readonly deadlineFactor: number;
  /** Addresses of the slot's fixtures. */
  readonly addresses: Readonly<Record<string, Json>>;
}

export interface SlotCall {
  readonly fixture: string;
  readonly method: string;
  readonly args: readonly Json[];
}

/** What a worker is doing, for whoever asks where it hangs. */
export interface Whereabouts {
  readonly phase: { readonly name: string; readonly forMs: number; readonly location?: Location } | undefined;
  /** Those that have not ended, the outermost first. */
  readonly steps: readonly { readonly title: string; readonly forMs: number }[];
  readonly waits: readonly { readonly what: string; readonly forMs: number; readonly location?: Location }[];
  /** What keeps its event loop alive, by node's names. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Whether a test is tried again whose worker was lost with this error: nobody there could be asked any more. */
export interface RetryQuestion {
  readonly file: string;
  readonly declaredId: string;
  readonly project: string;
  readonly error: SerializedError;
}

/** What `retries.when` says, and how it failed itself, if it did. */
export interface RetryAnswer {
  readonly retriable: boolean;
  readonly errors: readonly SerializedError[];
}

/** Variables of an environment that have other values now; `null`: that are gone. */
export type EnvironmentChanges = Readonly<Record<string, string | null>>;

/** What main asks of a worker. */
export interface ToWorker {
  readonly requests: {
    readonly init: readonly [WorkerInit, null];
    readonly load: readonly [{ readonly file: string; readonly withDependencies: boolean }, LoadedFile];
    readonly run: readonly [RunOrder, { readonly tainted: string | undefined }];
    /**
     * Runs the tests of the order again, without a word, to see who opens what they leave behind; by their ids, as far
     * as it came.
     */
    readonly trace: readonly [
      RunOrder,
      {
        readonly tainted: string | undefined;
        readonly leaks: Readonly<Record<string, readonly Leak[]>>;
        readonly marks: { readonly stdout: boolean; readonly stderr: boolean };
      },
    ];
    readonly mayRetry: readonly [RetryQuestion, RetryAnswer];
    /**
     * Takes over what others have changed in their environments, and tells what has changed in its own since it was
     * asked.
     */
    readonly environment: readonly [EnvironmentChanges, EnvironmentChanges];
    readonly ping: readonly [null, null];
    readonly where: readonly [null, Whereabouts];
    readonly stop: readonly [null, null];
  };
  readonly notifications: {
    readonly abort: { readonly reason: string };
    readonly slotLost: { readonly reason: string };
  };
}

/** What a worker asks of main, and tells it. */
export interface FromWorker {
  readonly requests: { readonly slotCall: readonly [SlotCall, Json] };
  readonly notifications: {
    /** The file of the order is there. */
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
    /** The worker does not have the test that it was told to run, or could not load its file: it has failed. */
    readonly testMissing: { readonly testId: string; readonly error: SerializedError };
    readonly fault: {
      readonly testId: string;
      readonly retry: number;
      readonly name: string;
      readonly timeMs: number;
      readonly active: boolean;
    };
    readonly error: { readonly error: SerializedError };
    /** Last words of a process that somebody ends from inside. */
    readonly exit: { readonly error: SerializedError };
    readonly eventLoop: EventLoopReading;
  };
}

/** What main asks of a slot. */
export interface ToSlot {
  readonly requests: {
    readonly init: readonly [SlotInit, null];
    /** Brings up what is named and what it needs; answers with all addresses. */
    readonly ensure: readonly [
      { readonly fixtures: Readonly<Record<string, SlotFixtureReference>>; readonly names: readonly string[] },
      Readonly<Record<string, Json>>,
    ];
    readonly reset: readonly [null, Readonly<Record<string, Json>>];
    readonly call: readonly [SlotCall, Json];
    readonly ping: readonly [null, null];
    readonly down: readonly [null, null];
  };
  readonly notifications: { readonly [K in never]: never };
}

/** What a slot asks of main, and tells it. */
export interface FromSlot {
  readonly requests: {
    readonly takePort: readonly [{ readonly purpose: string }, number];
    readonly outside: readonly [{ readonly module: string; readonly name: string }, Json];
  };
  readonly notifications: { readonly log: { readonly line: string }; readonly eventLoop: EventLoopReading };
}
