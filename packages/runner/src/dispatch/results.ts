import type { Attempt, RunEvent, SampleSummary, SerializedError, TestCase, TestOutcome } from '@chaos/spec';
import { saysSomething } from '../verdict/outcome.js';
import { addAttempt, createStory, outcomeOfVerdict, verdictOfStory, type TestStory } from '../verdict/test-story.js';
import { withSnippet } from './snippet.js';

/** Data kept of an attempt; reporters got everything else. */
export interface AttemptSummary extends Pick<Attempt, 'status' | 'durationMs'> {
  readonly overloaded: boolean;
}

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
  readonly #samples: (startMs: number, endMs: number) => SampleSummary | undefined;

  constructor(
    tests: readonly TestCase[],
    emit: (event: RunEvent) => void,
    samples: (startMs: number, endMs: number) => SampleSummary | undefined,
    repeated = false,
  ) {
    for (const test of tests)
      this.#tests.set(test.id, {
        test,
        attempts: NONE,
        story: createStory(test.quarantine !== undefined, repeated),
        outcome: undefined,
        ran: true,
      });
    this.#emit = emit;
    this.#samples = samples;
  }

  /** Adds an attempt; `final` if no other follows. */
  attempt(raw: Attempt, expectedStatus: TestCase['expectedStatus'], final: boolean): void {
    const entry = this.#entry(raw.testId);
    const samples = this.#samples(raw.startMs, raw.startMs + raw.durationMs);
    const overloaded = samples?.overloaded ? [{ type: 'overloaded', description: samples.overloadReason ?? '' }] : [];
    const attempt = apart(
      {
        ...raw,
        annotations: [...raw.annotations, ...overloaded],
        errors: raw.errors.map(withSnippet),
        ...(samples && { samples }),
      },
      entry.test,
    );
    const { status, durationMs } = attempt;
    entry.attempts = [...entry.attempts, { status, durationMs, overloaded: overloaded.length > 0 }];
    addAttempt(entry.story, attempt, expectedStatus);
    // In a serial group, a test that passed or was skipped may run again and fail.
    entry.outcome = final ? outcomeOfVerdict(verdictOfStory(entry.story)) : undefined;
    this.#emit({ type: 'test-end', attempt, ...(entry.outcome && { outcome: entry.outcome }) });
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

  error(error: SerializedError): void {
    this.#emit({ type: 'run-error', error: withSnippet(error) });
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
