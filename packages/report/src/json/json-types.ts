import type {
  Annotation,
  Attachment,
  Attempt,
  AttemptStatus,
  Json,
  Location,
  ResolvedConfig,
  RunEvent,
  RunnerConfig,
  RunStatus,
  StepResult,
  TestCase,
  TestOutcome,
} from '@chaos/spec';
import type { PassRate } from '@chaos/record';

/** Playwright's `TestError`. */
export interface JsonError {
  readonly message: string | undefined;
  readonly stack: string | undefined;
  readonly value: string | undefined;
  readonly location: Location | undefined;
  readonly snippet: string | undefined;
  readonly cause: JsonError | undefined;
  readonly chaos:
    | { readonly code: string | undefined; readonly hint: string | undefined; readonly invariant: boolean | undefined }
    | undefined;
}

/** A `test.step`, nested. */
export interface JsonStep {
  readonly title: string;
  readonly duration: number;
  readonly location: Location | undefined;
  readonly params: StepResult['params'];
  readonly error: JsonError | undefined;
  readonly steps: readonly JsonStep[] | undefined;
}

/** One attempt. */
export interface JsonResult {
  readonly workerIndex: number;
  readonly parallelIndex: number;
  readonly shardIndex?: number | undefined;
  readonly status: AttemptStatus;
  readonly duration: number;
  readonly error?: JsonError | undefined;
  readonly errors: readonly { readonly location: Location | undefined; readonly message: string }[];
  readonly stdout: readonly { readonly text: string }[];
  readonly stderr: readonly { readonly text: string }[];
  readonly retry: number;
  readonly steps?: readonly JsonStep[] | undefined;
  readonly startTime: string;
  readonly annotations: readonly Annotation[];
  readonly attachments: readonly Attachment[];
  readonly errorLocation?: Location | undefined;
  readonly chaos?: Pick<Attempt, 'seed' | 'phases' | 'faults' | 'recoveries' | 'loads' | 'experiments'> & {
    readonly category: string;
    readonly samples: Attempt['samples'] | undefined;
    readonly machine: Attempt['machine'] | undefined;
    readonly failureClass: Attempt['failureClass'] | undefined;
    readonly inconclusive: string | undefined;
    readonly quarantined: { readonly status: AttemptStatus; readonly errors: readonly JsonError[] } | undefined;
  };
}

/** One test in one project. */
export interface JsonTest {
  readonly timeout: number;
  readonly annotations: readonly Annotation[];
  readonly expectedStatus: AttemptStatus;
  readonly projectId: string;
  readonly projectName: string;
  readonly results: readonly JsonResult[];
  readonly status: TestOutcome;
  readonly chaos: Pick<TestCase, 'category' | 'catches' | 'requires' | 'locks'> & {
    readonly needs: TestCase['needs'] | undefined;
    readonly sharedLocks: TestCase['sharedLocks'] | undefined;
    readonly weight: TestCase['weight'] | undefined;
    readonly id: string | undefined;
    readonly purpose: string | undefined;
    readonly passRate: PassRate | undefined;
    readonly quarantine: TestCase['quarantine'] | undefined;
  };
}

/** One title at one place. */
export interface JsonSpec {
  readonly title: string;
  readonly ok: boolean;
  readonly tags: readonly string[];
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly tests: readonly JsonTest[];
}

/** A file or a describe. */
export interface JsonSuite {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly specs: readonly JsonSpec[];
  readonly suites?: readonly JsonSuite[];
}

/** One project of the configuration. */
export interface JsonProject {
  readonly outputDir: string;
  readonly repeatEach: number;
  readonly retries: number;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly id: string;
  readonly name: string;
  readonly testDir: string;
  readonly testIgnore: readonly string[];
  readonly testMatch: readonly string[];
  readonly timeout: number;
  readonly chaos: { readonly workers: number | undefined; readonly expect: RunnerConfig['expect'] };
}

/** Playwright's `FullConfig` as its JSON report shows it. */
export interface JsonConfig {
  readonly argv: readonly string[];
  readonly configFile: string | undefined;
  readonly rootDir: string;
  readonly failOnFlakyTests: boolean;
  readonly forbidOnly: boolean;
  readonly fullyParallel: boolean;
  readonly globalSetup: string | null;
  readonly globalTeardown: string | null;
  readonly globalTimeout: number;
  readonly grep: object;
  readonly grepInvert: object | null;
  readonly maxFailures: number;
  readonly metadata: ResolvedConfig['metadata'];
  readonly preserveOutput: 'always' | 'never' | 'failures-only';
  readonly quiet: boolean;
  readonly reporter: readonly (readonly [name: string, options: object])[];
  readonly reportSlowTests: { readonly max: number; readonly threshold: number };
  readonly shard: { readonly current: number; readonly total: number } | null;
  readonly tags: readonly string[];
  readonly updateSnapshots: 'missing';
  readonly updateSourceMethod: 'patch';
  readonly version: string;
  readonly workers: number;
  readonly webServer: null;
  readonly projects: readonly JsonProject[];
}

/** The report: Playwright's `JSONReport`, with our own data under `chaos`. `undefined` values are not written. */
export interface JsonReport {
  readonly config: JsonConfig;
  readonly suites: readonly JsonSuite[];
  readonly errors: readonly JsonError[];
  readonly stats: { readonly startTime: string; readonly duration: number } & Readonly<Record<TestOutcome, number>>;
  readonly chaos: {
    readonly schemaVersion: number;
    readonly runId: string | undefined;
    readonly status: RunStatus | undefined;
    readonly seed: string | undefined;
    readonly environment: string | undefined;
    readonly profile: string | undefined;
    readonly variant: string | undefined;
    readonly until: string | undefined;
    readonly calibration: Extract<RunEvent, { type: 'run-end' }>['calibration'];
  };
}
