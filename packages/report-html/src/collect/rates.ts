import { wilsonInterval } from '@chaos/stats';
import type { Rate, ReportIndex, TestRow } from '../data/report-data.js';

/** Pass rates of the run and of each category. */
export function rates(tests: readonly TestRow[]): ReportIndex['rates'] {
  const categories = new Map<string, TestRow[]>();
  for (const row of tests) {
    const rows = categories.get(row.category);
    if (rows === undefined) categories.set(row.category, [row]);
    else rows.push(row);
  }
  return {
    all: rateOf(tests),
    categories: [...categories].map(([category, rows]) => ({ category, ...rateOf(rows) })),
  };
}

// Counts tests that said something; of repeated tests each attempt. A flaky test passed in the end.
function rateOf(tests: readonly TestRow[]): Rate {
  let [runs, passed] = [0, 0];
  for (const { verdict, repeated } of tests) {
    if (repeated !== undefined) {
      runs += repeated.runs;
      passed += repeated.passed;
    } else if (verdict === 'passed' || verdict === 'flaky' || verdict === 'failed') {
      runs += 1;
      passed += verdict === 'failed' ? 0 : 1;
    }
  }
  if (runs === 0) return { runs, passed, rate: 0, lower: 0, upper: 1 };
  return { runs, passed, rate: passed / runs, ...wilsonInterval(passed, runs) };
}
