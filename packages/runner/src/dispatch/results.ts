import { failureClassOf } from '@chaos/record';
import type { Attempt, EventOrigin, RunEvent, SerializedError, TestCase, TestOutcome } from '@chaos/spec';
import { originOf } from '../data/origin.js';
import { saysSomething } from '../verdict/outcome.js';
import { addAttempt, createStory, outcomeOfVerdict, verdictOfStory, type TestStory } from '../verdict/test-story.js';
import { withSnippet } from './snippet.js';

/** Data kept of an attempt; reporters got everything else. */
export interface AttemptSummary extends Pick<Attempt, 'status' | 'durationMs'> {
  readonly overloaded: boolean;
}

/** Tells what the monitor saw of the machine during an attempt; `undefined` where it does not watch. */
export type Observe = (attempt: Attempt) => Pick<Attempt, 'samples' | 'machine'> | undefined;

const NONE: readonly never[] = [];

/** Data kept of a test. */
export interface TestResult {
  readonly test: TestCase;
  /** Replace this array instead of pushing to it: a push reserves memory for seventeen entries. */
  attempts: readonly AttemptSummary[];
  readonly story: TestStory;
  outcome: TestOutcome | undefined;
  /** False if it never got a chance to start. */
  ran: boolean;
}

/** State of each test during a run, and the events that report it. */
export class Results {
  readonly #tests = new Map<string, TestResult>();
  readonly #emit: (event: RunEvent) => void;
  readonly #observe: Observe;
  readonly #repeated: boolean;

  constructor(tests: readonly TestCase[], emit: (event: RunEvent) => void, observe: Observe, repeated = false) {
    this.#emit = emit;
    this.#observe = observe;
    this.#repeated = repeated;
    this.plan(tests);
  }

  /** Adds tests that will run. */
  plan(tests: readonly TestCase[]): void {
    for (const test of tests)
      this.#tests.set(test.id, {
        test,
        attempts: NONE,
        story: createStory(test.quarantine !== undefined, this.#repeated),
        outcome: undefined,
        ran: true,
      });
  }

  /**
   * Takes the end of an attempt, or a skip, that another runner has judged; false if the test has its outcome already.
   */
  adopt(event: Extract<RunEvent, { readonly type: 'test-end' | 'test-skip' }>): boolean {
    const entry = this.#entry(event.type === 'test-end' ? event.attempt.testId : event.testId);
    if (entry.outcome !== undefined) return false;
    if (event.type === 'test-skip') {
      entry.story.skip = event.didNotRun ? 'did not run' : 'skipped';
      entry.ran = !event.didNotRun;
      entry.outcome = outcomeOfVerdict(verdictOfStory(entry.story));
      this.#emit({ ...event, outcome: entry.outcome });
      return true;
    }
    const { attempt, outcome } = event;
    const { status, durationMs, machine } = attempt;
    entry.attempts = [...entry.attempts, { status, durationMs, overloaded: machine?.overloaded ?? false }];
    addAttempt(entry.story, attempt, expectedBy(event, entry.test));
    entry.outcome = outcome;
    this.#emit(event);
    return true;
  }

  /**
   * Adds an attempt; `final` if no other follows, `tooOften` if its test has now failed more often than a repeated run
   * allows.
   */
  attempt(raw: Attempt, expectedStatus: TestCase['expectedStatus'], final: boolean, tooOften: boolean): void {
    const entry = this.#entry(raw.testId);
    const observed = this.#observe(raw);
    const { overloaded: isOverloaded = false, overloadReason = '' } = observed?.machine ?? {};
    const overloaded = isOverloaded ? [{ type: 'overloaded', description: overloadReason }] : [];
    const failureClass = failureClassOf(raw);
    const attempt = apart(
      {
        ...raw,
        annotations: [...raw.annotations, ...overloaded],
        errors: raw.errors.map(withSnippet),
        ...observed,
        ...(failureClass && { failureClass }),
      },
      entry.test,
    );
    const { status, durationMs } = attempt;
    entry.attempts = [...entry.attempts, { status, durationMs, overloaded: isOverloaded }];
    addAttempt(entry.story, attempt, expectedStatus);
    entry.story.tooOften ||= tooOften;
    // In a serial group, a test that passed or was skipped may run again and fail.
    entry.outcome = final ? outcomeOfVerdict(verdictOfStory(entry.story)) : undefined;
    this.#emit({
      type: 'test-end',
      attempt,
      ...(entry.outcome && { outcome: entry.outcome }),
      origin: originOf(attempt.parallelIndex, attempt.workerIndex),
    });
  }

  /** True if the test has its outcome. */
  isDone(testId: string): boolean {
    return this.#entry(testId).outcome !== undefined;
  }

  /** Records once that a test gets no (further) attempt. */
  skip(testId: string, reason: string, didNotRun: boolean): void {
    const entry = this.#entry(testId);
    if (entry.outcome !== undefined) return;
    entry.story.skip = didNotRun ? 'did not run' : 'skipped';
    // A failure whose retry never ran stays a failure.
    entry.outcome = outcomeOfVerdict(verdictOfStory(entry.story));
    entry.ran = !didNotRun;
    this.#emit({ type: 'test-skip', testId, reason, didNotRun, outcome: entry.outcome });
  }

  /** Reports an error that belongs to no test. `origin`: the worker that it comes from. */
  error(error: SerializedError, origin?: EventOrigin): void {
    this.#emit({ type: 'run-error', error: withSnippet(error), ...(origin && { origin }) });
  }

  /** Tells people a line. */
  note(text: string): void {
    this.#emit({ type: 'diagnostic', asked: true, text });
  }

  /** Marks every test without an outcome as "did not run". */
  finish(reason: string): void {
    for (const [testId, { outcome }] of this.#tests) if (outcome === undefined) this.skip(testId, reason, true);
  }

  /** Histories for the verdict of the run. */
  get stories(): readonly TestStory[] {
    return [...this.#tests.values()].map(({ story }) => story);
  }

  /** True if other programs overloaded the machine during any attempt. */
  get overloaded(): boolean {
    return [...this.#tests.values()].some(({ attempts }) => attempts.some(({ overloaded }) => overloaded));
  }

  /** All results, by test id. */
  get tests(): ReadonlyMap<string, TestResult> {
    return this.#tests;
  }

  /** True if a test of the project failed finally, or did not run. */
  hasFailed(project: string): boolean {
    return [...this.#tests.values()].some(
      ({ test, outcome, ran }) => test.project === project && (outcome === 'unexpected' || !ran),
    );
  }

  #entry(testId: string): TestResult {
    const entry = this.#tests.get(testId);
    if (!entry) throw new Error(`Cannot record a result: no test has the id ${testId}`);
    return entry;
  }
}

// The expected status may be changed while a test runs; the outcome tells the one that its runner went by.
function expectedBy(
  { attempt, outcome }: Extract<RunEvent, { readonly type: 'test-end' }>,
  { expectedStatus }: TestCase,
): TestCase['expectedStatus'] {
  const own = attempt.status === 'passed' ? 'passed' : 'failed';
  if (outcome === 'expected' || outcome === 'flaky') return own;
  if (outcome === 'unexpected') return own === 'passed' ? 'failed' : 'passed';
  return expectedStatus;
}

// Moves the result of a quarantined test to its own field: reporters without quarantine see a skipped test.
function apart(attempt: Attempt, { quarantine }: TestCase): Attempt {
  if (!quarantine || !saysSomething(attempt)) return attempt;
  const { status, errors, annotations } = attempt;
  const { owner, reason, expires } = quarantine;
  return {
    ...attempt,
    status: 'skipped',
    errors: [],
    annotations: [
      ...annotations,
      { type: 'quarantine', description: `${status} in quarantine until ${expires} (${owner}): ${reason}` },
    ],
    quarantined: { status, errors },
  };
}
