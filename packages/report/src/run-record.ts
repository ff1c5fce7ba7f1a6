import type { Attempt, RunEvent, SerializedError, TestCase, TestOutcome } from '@chaos/spec';

/** What became of one planned test. */
export interface TestRecord {
  readonly test: TestCase;
  readonly attempts: Attempt[];
  /** Given by the runner with the last attempt. */
  outcome: TestOutcome | undefined;
  /** Why it never started. */
  skip: { readonly reason: string; readonly didNotRun: boolean } | undefined;
}

/** How a test is counted for people: Playwright's closing lines, and `inconclusive`. */
export type Verdict = 'passed' | 'failed' | 'interrupted' | 'flaky' | 'skipped' | 'inconclusive' | 'did not run';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** A run as far as it has gone, put together from its events. */
export class RunRecord {
  start: EventOf<'run-start'> | undefined;
  end: EventOf<'run-end'> | undefined;
  readonly tests: Map<string, TestRecord> = new Map();
  readonly errors: SerializedError[] = [];

  apply(event: RunEvent): void {
    if (event.type === 'run-start') {
      this.start = event;
      for (const test of event.tests) this.tests.set(test.id, { test, attempts: [], outcome: undefined, skip: undefined });
    } else if (event.type === 'test-end') {
      const record = this.tests.get(event.attempt.testId);
      record?.attempts.push(event.attempt);
      if (record !== undefined && event.outcome !== undefined) record.outcome = event.outcome;
    } else if (event.type === 'test-skip') {
      const record = this.tests.get(event.testId);
      if (record !== undefined) record.skip = { reason: event.reason, didNotRun: event.didNotRun };
    } else if (event.type === 'run-error') this.errors.push(event.error);
    else if (event.type === 'run-end') this.end = event;
  }
}

/** Playwright's outcome; a test that was interrupted or never ran is `skipped`. */
export function outcomeOfRecord({ outcome, attempts, test }: TestRecord): TestOutcome {
  if (outcome !== undefined) return outcome;
  const told = attempts.filter(({ status }) => status !== 'interrupted');
  const last = told.at(-1);
  if (last === undefined || last.status === 'skipped') return 'skipped';
  if (last.status !== test.expectedStatus) return 'unexpected';
  return told.length > 1 ? 'flaky' : 'expected';
}

export function verdictOf(record: TestRecord): Verdict {
  const last = record.attempts.at(-1);
  if (last === undefined) return record.skip === undefined || record.skip.didNotRun ? 'did not run' : 'skipped';
  if (record.outcome === undefined && last.status === 'interrupted') return 'interrupted';
  const outcome = outcomeOfRecord(record);
  if (outcome === 'skipped') return last.inconclusive === undefined ? 'skipped' : 'inconclusive';
  return outcome === 'unexpected' ? 'failed' : outcome === 'flaky' ? 'flaky' : 'passed';
}
