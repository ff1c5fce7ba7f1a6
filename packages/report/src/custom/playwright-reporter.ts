import { ChaosError, type Reporter, type RunEvent } from '@chaos/spec';
import { addMissing } from '../add-missing.js';
import { addSkip } from '../add-skip.js';
import { jsonConfig } from '../json/json-config.js';
import type { JsonConfig } from '../json/json-types.js';
import { LiveSteps } from './live-steps.js';
import {
  completeResult,
  emptyResult,
  playwrightError,
  type PlaywrightError,
  type PlaywrightResult,
  type PlaywrightStep,
} from './playwright-result.js';
import { playwrightTree, type PlaywrightSuite, type PlaywrightTest } from './playwright-tree.js';

/** Methods that Playwright calls on its reporters. */
export interface PlaywrightStyleReporter {
  /** `v2`: the configuration is told by `onConfigure`, and `onBegin` gets the suite alone. */
  version?(): string;
  printsToStdio?(): boolean;
  onConfigure?(config: JsonConfig): void;
  onBegin?(configOrSuite: JsonConfig | PlaywrightSuite, suite?: PlaywrightSuite): void;
  onTestBegin?(test: PlaywrightTest, result: PlaywrightResult): void;
  onStdOut?(chunk: string | Buffer, test: PlaywrightTest | void, result: PlaywrightResult | void): void;
  onStdErr?(chunk: string | Buffer, test: PlaywrightTest | void, result: PlaywrightResult | void): void;
  onStepBegin?(test: PlaywrightTest, result: PlaywrightResult, step: PlaywrightStep): void;
  onStepEnd?(test: PlaywrightTest, result: PlaywrightResult, step: PlaywrightStep): void;
  onTestEnd?(test: PlaywrightTest, result: PlaywrightResult): void;
  onError?(error: PlaywrightError): void;
  onEnd?(result: {
    status: 'passed' | 'failed' | 'timedout' | 'interrupted';
    startTime: Date;
    duration: number;
  }): unknown;
  onExit?(): unknown;
}

/**
 * Adapts a reporter written for Playwright Test to our events. Steps are reported while they run, and those of a merged
 * report of version 1 when their attempt has ended.
 */
export class PlaywrightAdapter implements Reporter {
  readonly everyStep = true;
  readonly printsToStdout: boolean;
  readonly #reporter: PlaywrightStyleReporter;
  readonly #configFile: string | undefined;
  readonly #asked = new Set<Promise<unknown>>();
  readonly #steps = new LiveSteps();
  #failure: { readonly error: unknown } | undefined;
  #tests: ReadonlyMap<string, PlaywrightTest> = new Map();
  #start: Extract<RunEvent, { type: 'run-start' }> | undefined;
  #end: Extract<RunEvent, { type: 'run-end' }> | undefined;

  constructor(reporter: PlaywrightStyleReporter, configFile: string | undefined) {
    this.#reporter = reporter;
    this.#configFile = configFile;
    this.printsToStdout = reporter.printsToStdio?.() ?? true;
  }

  onEvent(event: RunEvent): void {
    const reporter = this.#reporter;
    if (event.type === 'run-start') this.#begin(event);
    else if (event.type === 'test-start') this.#onTest(event.testId, (test) => this.#beginTest(test, event));
    else if (event.type === 'step-start' || event.type === 'step-end') this.#changeStep(event);
    else if (event.type === 'test-output') this.#output(event);
    else if (event.type === 'test-end') this.#onTest(event.attempt.testId, (test) => this.#endTest(test, event));
    else if (event.type === 'test-skip')
      this.#onTest(event.testId, (test) => {
        if (test.results.length > 0) test.decided = event.outcome;
        if (!event.didNotRun) this.#skip(test, event.reason);
      });
    else if (event.type === 'run-error') this.#ask(reporter.onError?.(playwrightError(event.error)));
    else if (event.type === 'run-end') this.#end = event;
  }

  async end(): Promise<void> {
    const { status = 'failed', durationMs = 0 } = this.#end ?? {};
    const verdict = await this.#reporter.onEnd?.({
      status,
      startTime: new Date(this.#start?.startMs ?? 0),
      duration: durationMs,
    });
    await this.#reporter.onExit?.();
    // What is still being done for an event is a part of the report.
    await Promise.allSettled(this.#asked);
    if (this.#failure) throw this.#failure.error;
    const wanted = (verdict as { readonly status?: unknown } | null | undefined)?.status;
    if (status === 'passed' && wanted !== undefined && wanted !== 'passed')
      throw new ChaosError('REPORT', `Cannot pass: a reporter made the status ${JSON.stringify(wanted)}`);
  }

  // Methods may be async although Playwright does not await them; a rejection counts as a failure of the reporter.
  #ask(answer: unknown): void {
    if (!(answer instanceof Promise)) return;
    this.#asked.add(answer);
    answer
      .catch((error: unknown) => (this.#failure ??= { error }))
      .finally(() => this.#asked.delete(answer))
      .catch(() => {});
  }

  #begin(event: Extract<RunEvent, { type: 'run-start' }>): void {
    const config = jsonConfig(event, this.#configFile);
    const { root, byId } = playwrightTree(event.tests, config);
    this.#start = event;
    this.#tests = byId;
    if (this.#reporter.version?.() === 'v2') {
      this.#ask(this.#reporter.onConfigure?.(config));
      this.#ask(this.#reporter.onBegin?.(root));
    } else this.#ask(this.#reporter.onBegin?.(config, root));
  }

  #onTest(testId: string, act: (test: PlaywrightTest) => void): void {
    const test = this.#tests.get(testId);
    if (test !== undefined) act(test);
  }

  #beginTest(test: PlaywrightTest, event: Parameters<typeof emptyResult>[0]): PlaywrightResult {
    const result = emptyResult(event);
    test.results.push(result);
    this.#ask(this.#reporter.onTestBegin?.(test, result));
    return result;
  }

  #endTest(test: PlaywrightTest, { attempt, outcome }: Extract<RunEvent, { type: 'test-end' }>): void {
    const begun = test.results.find(({ retry }) => retry === attempt.retry);
    const result = begun ?? this.#beginTest(test, { ...attempt, timeMs: attempt.startMs });
    const toldLive = result.steps.length > 0;
    for (const step of this.#steps.finish(result)) this.#ask(this.#reporter.onStepEnd?.(test, result, step));
    completeResult(result, attempt);
    if (result.status === 'skipped') test.expectedStatus = 'skipped';
    test.decided = outcome;
    addMissing(test.annotations, result.annotations);
    if (!toldLive) for (const step of result.steps) this.#step(test, result, step);
    this.#ask(this.#reporter.onTestEnd?.(test, result));
  }

  #changeStep(event: Extract<RunEvent, { type: 'step-start' | 'step-end' }>): void {
    const test = this.#tests.get(event.testId);
    const result = test?.results.find(({ retry }) => retry === event.retry);
    if (test === undefined || result === undefined) return;
    if (event.type === 'step-start')
      this.#ask(this.#reporter.onStepBegin?.(test, result, this.#steps.begin(result, event)));
    else {
      const step = this.#steps.end(result, event);
      if (step !== undefined) this.#ask(this.#reporter.onStepEnd?.(test, result, step));
    }
  }

  #step(test: PlaywrightTest, result: PlaywrightResult, step: PlaywrightStep): void {
    this.#ask(this.#reporter.onStepBegin?.(test, result, step));
    for (const inner of step.steps) this.#step(test, result, inner);
    this.#ask(this.#reporter.onStepEnd?.(test, result, step));
  }

  #skip(test: PlaywrightTest, reason: string): void {
    test.expectedStatus = 'skipped';
    addSkip(test.annotations, reason);
    const result = this.#beginTest(test, {
      retry: 0,
      workerIndex: -1,
      parallelIndex: -1,
      timeMs: this.#start?.startMs ?? 0,
    });
    this.#ask(this.#reporter.onTestEnd?.(test, result));
  }

  #output({ stream, text, testId, retry = 0 }: Extract<RunEvent, { type: 'test-output' }>): void {
    const test = testId === undefined ? undefined : this.#tests.get(testId);
    const result = test?.results.find((one) => one.retry === retry);
    if (stream === 'stdout') this.#ask(this.#reporter.onStdOut?.(text, test, result));
    else this.#ask(this.#reporter.onStdErr?.(text, test, result));
  }
}
