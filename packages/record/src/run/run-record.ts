import type {
  Annotation,
  Attempt,
  AttemptStatus,
  FailureClass,
  RunEvent,
  SerializedError,
  TestCase,
  TestOutcome,
} from '@chaos/spec';
import { AttemptStore, type StoredAttempt } from './attempt-store.js';
import { errorKind, type ErrorKind } from './error-kind.js';

/** Facts about an attempt that are always kept in memory. */
export interface AttemptRecord {
  readonly retry: number;
  readonly status: AttemptStatus;
  readonly durationMs: number;
  readonly annotations: readonly Annotation[];
  readonly inconclusive: string | undefined;
  /** Real outcome of a quarantined attempt. */
  readonly quarantined: AttemptStatus | undefined;
  readonly overloaded: boolean;
  /** Kind of its first error. */
  readonly errorKind: ErrorKind | undefined;
  readonly failureClass: FailureClass | undefined;
  /** It did not end as expected, or has errors. */
  readonly wrong: boolean;
  /** Set only if the record keeps the details. */
  readonly stored: StoredAttempt | undefined;
}

/** Result of one planned test. */
export interface TestRecord {
  readonly test: TestCase;
  /** Replace this array instead of pushing to it: a push reserves memory for seventeen entries. */
  attempts: readonly AttemptRecord[];
  /** Set by the runner with the last attempt. */
  outcome: TestOutcome | undefined;
  /** Reason why it never started. */
  skip: { readonly reason: string; readonly didNotRun: boolean } | undefined;
}

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

const NONE: readonly never[] = [];

/** A run in progress, built from its events; `keep` selects the attempts whose details are needed later. */
export class RunRecord {
  start: EventOf<'run-start'> | undefined;
  end: EventOf<'run-end'> | undefined;
  readonly tests: Map<string, TestRecord> = new Map();
  readonly errors: SerializedError[] = [];
  readonly #keep: 'all' | 'wrong' | 'none';
  readonly #store = new AttemptStore();

  constructor(keep: 'all' | 'wrong' | 'none') {
    this.#keep = keep;
  }

  apply(event: RunEvent): void {
    if (event.type === 'run-start') {
      this.start = event;
      for (const test of event.tests)
        this.tests.set(test.id, { test, attempts: NONE, outcome: undefined, skip: undefined });
    } else if (event.type === 'test-end') {
      const record = this.tests.get(event.attempt.testId);
      if (record === undefined) return;
      record.attempts = [...record.attempts, this.#recordOf(event.attempt, record.test)];
      record.outcome = event.outcome;
    } else if (event.type === 'test-skip') {
      const record = this.tests.get(event.testId);
      if (record === undefined) return;
      record.skip = { reason: event.reason, didNotRun: event.didNotRun };
      record.outcome = event.outcome ?? record.outcome;
    } else if (event.type === 'run-error') this.errors.push(event.error);
    else if (event.type === 'run-end') this.end = event;
  }

  /** Returns the whole attempt; only for kept ones. */
  attempt({ stored }: AttemptRecord): Attempt {
    if (stored === undefined) throw new TypeError('Cannot look up an attempt: this record does not keep it');
    return this.#store.get(stored);
  }

  /** Frees the attempts: they cannot be looked up any more. */
  close(): void {
    this.#store.close();
  }

  #recordOf(attempt: Attempt, test: TestCase): AttemptRecord {
    const {
      retry,
      status,
      durationMs,
      annotations,
      inconclusive,
      quarantined,
      machine,
      samples,
      errors,
      failureClass,
    } = attempt;
    const [first] = errors;
    const wrong =
      first !== undefined || (status !== 'skipped' && (status !== 'passed' || test.expectedStatus !== 'passed'));
    const kept = this.#keep === 'all' || (this.#keep === 'wrong' && wrong);
    return {
      retry,
      status,
      durationMs,
      annotations: annotations.length === 0 ? NONE : annotations,
      inconclusive,
      quarantined: quarantined?.status,
      overloaded: (machine ?? samples)?.overloaded === true,
      errorKind: first === undefined ? undefined : errorKind(first),
      failureClass,
      wrong,
      stored: kept ? this.#store.put(attempt) : undefined,
    };
  }
}
