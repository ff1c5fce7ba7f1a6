import type {
  Annotation,
  Attempt,
  CalibrationFacts,
  FailureClass,
  FaultWindow,
  Location,
  MachineFacts,
  Recovery,
  SerializedError,
  StepResult,
  TestCase,
} from '@chaos/spec';
import type { Verdict } from '@chaos/record';

/** All that the page knows before a test is opened. */
export interface ReportIndex {
  /** It grows when a field changes its meaning. */
  readonly schemaVersion: 1;
  readonly run: RunInfo;
  readonly tests: readonly TestRow[];
  /** Errors that belong to no test. */
  readonly errors: readonly SerializedError[];
  readonly machine: MachineHealth;
  /** Pass rates of all tests, and of each category in the order of the tests. */
  readonly rates: { readonly all: Rate; readonly categories: readonly (Rate & { readonly category: string })[] };
}

/** A pass rate with the interval of the true rate (Wilson, 95 %); from 0 to 1. */
export interface Rate {
  /** Results that said something. */
  readonly runs: number;
  readonly passed: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The run, its environment and its settings. */
export interface RunInfo {
  readonly runId: string;
  readonly startMs: number;
  /** Absent if the run was killed before it ended. */
  readonly durationMs?: number;
  readonly status?: string;
  readonly version: string;
  readonly seed: string;
  readonly environment: string;
  readonly profile: string;
  readonly variant?: string;
  readonly until?: string;
  readonly workers: number;
  readonly hosts: readonly string[];
  /** Words that start the command here: `npx chaos`. */
  readonly command: string;
  /** Pass rates that the environment wants, in percent. */
  readonly passRates: { readonly target: number; readonly acceptable: number };
  /** Settings that are not the default, and where each comes from. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly source: string }[];
  /** Commit, branch and CI run, where known. */
  readonly facts: readonly { readonly name: string; readonly value: string; readonly href?: string }[];
}

/** A test in the list. Texts that are empty and lists of nothing are left out. */
export interface TestRow {
  readonly id: string;
  readonly title: string;
  /** Titles of the describes around it. */
  readonly path?: readonly string[];
  readonly chaosId?: string;
  readonly file: string;
  readonly line: number;
  readonly category: string;
  readonly project?: string;
  readonly tags?: readonly string[];
  readonly verdict: Verdict;
  /** Of the last attempt. */
  readonly durationMs: number;
  readonly attempts: number;
  readonly faults?: readonly string[];
  readonly failureClass?: FailureClass;
  /** First line of its first error, or why it says nothing. */
  readonly message?: string;
  /** The slowest. */
  readonly recovery?: Recovery;
  readonly overloaded?: boolean;
  /** Conclusive attempts, and how many of them passed; of a test that was repeated. */
  readonly repeated?: { readonly runs: number; readonly passed: number };
  /** The piece of data with its details; absent where it never ran. */
  readonly chunk?: string;
}

/** A test that was opened. */
export interface TestDetail {
  readonly test: Omit<TestCase, 'location'> & { readonly location: Location };
  /** The command that repeats it. */
  readonly repeat: string;
  readonly attempts: readonly AttemptDetail[];
  /** The reason why it never started. */
  readonly skipped?: string;
}

/** One attempt of a test. */
export interface AttemptDetail {
  readonly retry: number;
  readonly status: Attempt['status'];
  /** It is under way: the rest says what is known so far. */
  readonly isRunning?: true;
  readonly startMs: number;
  readonly durationMs: number;
  readonly worker: number;
  readonly slot: number;
  readonly seed: string;
  readonly errors: readonly SerializedError[];
  readonly steps: readonly StepResult[];
  readonly phases: Attempt['phases'];
  readonly faults: readonly FaultWindow[];
  readonly recoveries: readonly Recovery[];
  readonly loads: Attempt['loads'];
  readonly annotations: readonly Annotation[];
  readonly failureClass?: FailureClass;
  readonly inconclusive?: string;
  readonly quarantined?: Attempt['quarantined'];
  readonly machine?: MachineFacts;
  readonly log: readonly LogLine[];
  readonly attachments: readonly AttachmentLink[];
  readonly series: readonly SampleColumns[];
}

/** A piece of what was printed. `atMs` is absent where nobody knows when. */
export interface LogLine {
  readonly atMs?: number;
  readonly from: 'stdout' | 'stderr' | 'target';
  readonly text: string;
}

/** Something that a test attached. */
export interface AttachmentLink {
  readonly name: string;
  readonly contentType: string;
  /** Relative to the page, or a `data:` URL. */
  readonly href?: string;
  readonly text?: string;
  /** Reason why it is not here. */
  readonly missing?: string;
}

/** Samples of one scope, as columns of the same length. */
export interface SampleColumns {
  readonly scope: string;
  readonly timeMs: readonly number[];
  readonly cpus: readonly number[];
  readonly memoryMib: readonly number[];
  readonly loopDelayMs?: readonly (number | null)[];
  readonly sockets?: readonly (number | null)[];
  /** Of the host: CPUs that other programs used. */
  readonly othersCpus?: readonly (number | null)[];
}

/** The machine while the run went on. */
export interface MachineHealth {
  readonly host?: SampleColumns;
  readonly overloads: readonly { readonly startMs: number; readonly endMs?: number; readonly reason: string }[];
  readonly calibration?: CalibrationFacts & { readonly duringContention?: number };
}
