import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  makeFolder,
  type ActiveFault,
  type Annotation,
  type Attachment,
  type Fault,
  type InjectOptions,
  type ExperimentReport,
  type LoadReport,
  type Journal,
  type Location,
  type Recovery,
  type ResolvedConfig,
  type SerializedError,
  type StepResult,
} from '@chaos/spec';
import { createRandom, type Random } from '@chaos/stats';
import { attach } from './attach.js';
import { fullConfigOf, type FullConfig, type FullProject } from '../data/full-config.js';
import { SkipTest } from './outcome-errors.js';
import { started } from './started.js';
import { failStepsAround } from './step-log.js';
import { testContext } from './test-context.js';
import { waitingFor } from './waits.js';

/** Data for creating a test's info. */
export interface TestInfoOptions {
  readonly testId: string;
  readonly title: string;
  readonly titlePath: readonly string[];
  readonly location: Location;
  readonly tags: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly retry: number;
  readonly repeatEachIndex: number;
  readonly project: string;
  readonly workerIndex: number;
  readonly parallelIndex: number;
  readonly timeoutMs: number;
  readonly outputDir: string;
  readonly seed: string;
  readonly variant: string | undefined;
  /** Operations of the driver that it may call; `undefined`: any. */
  readonly needs: readonly string[] | undefined;
  readonly config: ResolvedConfig;
  readonly argv: readonly string[];
  readonly version: string;
  readonly use: (project: string) => Readonly<Record<string, unknown>>;
  /** The test's body. */
  readonly fn: (...args: never[]) => unknown;
  /** True if the error is the test's own. */
  readonly onTimeoutChange: (timeoutMs: number) => boolean;
  readonly signal: () => AbortSignal;
  readonly inject: (fault: Fault, options?: InjectOptions) => Promise<ActiveFault>;
  readonly stretched: (reason: string) => void;
  readonly ended: TestInfo['chaos']['ended'];
  readonly noteLoad: (load: LoadReport) => void;
  readonly noteExperiment: (experiment: ExperimentReport) => void;
  /** Opened on first use. */
  readonly journal: () => Journal;
  readonly fail: (error: unknown) => void;
}

/** The running test as it sees itself. Names follow Playwright Test's `testInfo`. */
export class TestInfo {
  /** The same in every run, as reports have it. */
  readonly testId: string;
  /** The test's own title; `titlePath` has those of its groups, too. */
  readonly title: string;
  /** Absolute path of the file that declares the test. */
  readonly file: string;
  /** Line of the declaration, from 1. */
  readonly line: number;
  /** Column of the declaration, from 1. */
  readonly column: number;
  /** Tags of the configuration, the groups and the test, with their `@`. */
  readonly tags: readonly string[];
  /** Annotations of the test; what is pushed here is in the report. */
  readonly annotations: Annotation[];
  /** Number of tries before: 0 in the first attempt. */
  readonly retry: number;
  /** Which repetition of `repeatEach` this is, from 0. */
  readonly repeatEachIndex: number;
  /** Number of the worker process, from 0; a worker that replaces another has a new one. */
  readonly workerIndex: number;
  /** Number of the parallel place, from 0 to below `workers`; it stays when the worker is replaced. */
  readonly parallelIndex: number;
  /** Folder of this attempt's own files; `outputPath()` creates it. */
  readonly outputDir: string;
  /** Always empty: for code that was written for Playwright Test. */
  readonly snapshotSuffix = '';
  /** Attachments so far. */
  readonly attachments: Attachment[] = [];
  /** Failures so far, soft ones too. */
  readonly errors: SerializedError[] = [];
  /** Steps that have ended. */
  readonly steps: StepResult[] = [];
  /** Recoveries that `toRecoverWithin` has measured. */
  readonly recoveries: Recovery[] = [];
  /** Additions to what Playwright has. */
  readonly chaos: {
    /** As resolved for this machine and environment. */
    readonly config: ResolvedConfig;
    /** Of the run; `--seed` repeats it. */
    readonly seed: string;
    /** Name of the target's variant (`--variant`), where one was chosen. */
    readonly variant: string | undefined;
    /** Operations of the driver that the test declares; `undefined` if it declares none and may call any. */
    readonly needs: readonly string[] | undefined;
    /** Puts a fault in force; healed at the end of the test at the latest. */
    readonly inject: (fault: Fault, options?: InjectOptions) => Promise<ActiveFault>;
    /**
     * Says that a claim of the test holds only because a limit was stretched for this machine. A test that passes
     * otherwise is inconclusive then, with these reasons.
     */
    readonly stretched: (reason: string) => void;
    /** Ends of the slot's programs that nobody asked for and nobody was told of yet; they are still down. */
    readonly ended: (signal: AbortSignal) => Promise<readonly { readonly what: string; readonly atMs: number }[]>;
    /** The undos, written before a fault acts. */
    readonly journal: Journal;
    /** Says what is waited for, in case the test runs out of time; returns the end of the wait. */
    readonly waitingFor: (what: string) => () => void;
    /**
     * Starts work of the running test, `what` for people. If it has not ended when the test ends, the test fails at the
     * caller's line.
     */
    readonly started: typeof started;
    /** Puts a load into the reports. */
    readonly noteLoad: (load: LoadReport) => void;
    /** Puts the figures of an experiment into the reports. */
    readonly noteExperiment: (experiment: ExperimentReport) => void;
  };
  /** How the test ended; known in `afterEach`. */
  status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted' = 'passed';
  /** `failed` after `test.fail()`, `skipped` after `test.skip()`. */
  expectedStatus: 'passed' | 'failed' | 'skipped' = 'passed';
  /** Duration, ms; known after the body. */
  duration = 0;
  readonly #options: TestInfoOptions;
  #timeoutMs: number;
  #slow = false;

  constructor(options: TestInfoOptions) {
    this.#options = options;
    this.testId = options.testId;
    this.title = options.title;
    ({ file: this.file, line: this.line, column: this.column } = options.location);
    this.tags = options.tags;
    this.annotations = [...options.annotations];
    this.retry = options.retry;
    this.repeatEachIndex = options.repeatEachIndex;
    this.workerIndex = options.workerIndex;
    this.parallelIndex = options.parallelIndex;
    this.outputDir = options.outputDir;
    this.#timeoutMs = options.timeoutMs;
    this.chaos = {
      config: options.config,
      seed: options.seed,
      variant: options.variant,
      needs: options.needs,
      inject: (fault, how) => started(`inject(${fault.name})`, () => options.inject(fault, how), { quiet: true }),
      stretched: options.stretched,
      ended: options.ended,
      noteLoad: options.noteLoad,
      noteExperiment: options.noteExperiment,
      journal: { record: (recipe, what) => options.journal().record(recipe, what) },
      waitingFor,
      started,
    };
  }

  /** Titles from the file, relative to the configuration, down to the test. */
  get titlePath(): readonly string[] {
    return [relative(this.#options.config.rootDir, this.file).replaceAll('\\', '/'), ...this.#options.titlePath];
  }

  /** The body of the test. */
  get fn(): (...args: never[]) => unknown {
    return this.#options.fn;
  }

  /** The configuration under Playwright's names; `chaos.config` is the whole one. */
  get config(): FullConfig {
    return fullConfigOf(this.#options);
  }

  /** The project that the test runs in. */
  get project(): FullProject {
    const { config, project } = this.#options;
    const index = config.runner.projects.findIndex(({ name }) => name === project);
    return this.config.projects[Math.max(0, index)] as FullProject;
  }

  /** The first of `errors`. */
  get error(): SerializedError | undefined {
    return this.errors[0];
  }

  /** Budget for hooks, fixtures and body together, ms. */
  get timeout(): number {
    return this.#timeoutMs;
  }

  /** Aborted on time-out and when the run is stopped; teardown gets its own signal. Pass it to every wait. */
  get signal(): AbortSignal {
    return this.#options.signal();
  }

  /** Records a failure without ending the test; the test has failed. */
  softFail(error: unknown): void {
    // The test was told that it did not await this; later results are ignored.
    if (testContext()?.within?.isTold) return;
    failStepsAround(this, error);
    this.#options.fail(error);
  }

  /** Random numbers of this test, repeated by `--seed`. */
  random(purpose: string): Random {
    return createRandom(this.#options.seed, this.testId, purpose);
  }

  /** Time of this test, in milliseconds; 0 = without end. `RangeError` for what is no time. */
  setTimeout(timeoutMs: number): void {
    if (!Number.isFinite(timeoutMs) || timeoutMs < 0)
      throw new RangeError(`Cannot set the test's time-out: current value is ${timeoutMs}`);
    if (this.#options.onTimeoutChange(timeoutMs)) this.#timeoutMs = timeoutMs;
  }

  /** Ends the test as skipped, if `condition` holds. */
  skip(condition = true, description?: string): void {
    this.#modify('skip', condition, description);
  }

  /** Ends the test as skipped until it is mended, if `condition` holds. */
  fixme(condition = true, description?: string): void {
    this.#modify('fixme', condition, description);
  }

  /** Expects the test to fail, if `condition` holds. */
  fail(condition = true, description?: string): void {
    this.#modify('fail', condition, description);
  }

  /** Gives the test three times its time, if `condition` holds. */
  slow(condition = true, description?: string): void {
    this.#modify('slow', condition, description);
  }

  #modify(type: 'skip' | 'fixme' | 'fail' | 'slow', condition: boolean, description: string | undefined): void {
    if (!condition) return;
    this.annotations.push({ type, ...(description !== undefined && { description }) });
    if (type === 'slow') {
      if (!this.#slow) this.setTimeout(this.#timeoutMs * 3);
      this.#slow = true;
    } else if (type === 'fail') {
      if (this.expectedStatus !== 'skipped') this.expectedStatus = 'failed';
    } else {
      this.expectedStatus = 'skipped';
      throw new SkipTest(description);
    }
  }

  /** A path in this attempt's own folder, which is created. */
  outputPath(...parts: readonly string[]): string {
    const path = join(this.outputDir, ...parts);
    if (path !== this.outputDir && !path.startsWith(`${this.outputDir}/`))
      throw new Error(
        `The outputPath is not allowed outside of the parent directory. Please fix the defined path.\n\n\toutputPath: ${join(...parts)}`,
      );
    makeFolder(this.outputDir, 0o700);
    return path;
  }

  /** Adds a file (copied) or a body to the report; without both, a name alone. */
  attach(
    name: string,
    options: {
      /** A file, which is copied. */
      readonly path?: string;
      /** Text or bytes. */
      readonly body?: string | Uint8Array;
      /** MIME type. Default: by the name of the file, else text or bytes. */
      readonly contentType?: string;
    } = {},
  ): Promise<void> {
    return attach(this, name, options);
  }

  /** The body of an attachment, wherever it is. */
  async attachmentBody(name: string): Promise<Buffer | undefined> {
    const found = this.attachments.find((attachment) => attachment.name === name);
    if (!found) return undefined;
    return found.path !== undefined ? readFile(found.path) : Buffer.from(found.body ?? '', 'base64');
  }
}
