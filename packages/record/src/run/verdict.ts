import type { TestOutcome } from '@chaos/spec';
import type { TestRecord } from './run-record.js';

/**
 * Category of a test in counts for people: those of Playwright's closing lines, plus `inconclusive` and `quarantined`.
 */
export type Verdict =
  'passed' | 'failed' | 'interrupted' | 'flaky' | 'skipped' | 'inconclusive' | 'quarantined' | 'did not run';

/** Playwright's outcome; an interrupted test, or one that never ran, is `skipped`. */
export function outcomeOfRecord({ outcome, attempts, test }: TestRecord): TestOutcome {
  if (outcome !== undefined) return outcome;
  const told = attempts.filter(({ status }) => status !== 'interrupted');
  const last = told.at(-1);
  if (last === undefined || last.status === 'skipped') return 'skipped';
  if (last.status !== test.expectedStatus) return 'unexpected';
  return told.length > 1 ? 'flaky' : 'expected';
}

/** The category of a test, as people count it. */
export function verdictOf(record: TestRecord): Verdict {
  const last = record.attempts.at(-1);
  if (last === undefined) return record.skip === undefined || record.skip.didNotRun ? 'did not run' : 'skipped';
  const outcome = outcomeOfRecord(record);
  if (outcome === 'skipped' && last.status === 'interrupted') return 'interrupted';
  if (last.quarantined !== undefined) return 'quarantined';
  if (outcome === 'skipped') return last.inconclusive === undefined ? 'skipped' : 'inconclusive';
  return outcome === 'unexpected' ? 'failed' : outcome === 'flaky' ? 'flaky' : 'passed';
}
