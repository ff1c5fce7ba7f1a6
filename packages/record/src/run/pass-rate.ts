import { wilsonInterval } from '@chaos/stats';
import type { TestRecord } from './run-record.js';

/** Pass rate of a repeated test, with the interval of the true rate (Wilson, 95 %); rates from 0 to 1. */
export interface PassRate {
  readonly runs: number;
  readonly passed: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The rate of `passed` among `runs`; there must be at least one run. */
export function passRate(passed: number, runs: number): PassRate {
  return { runs, passed, rate: passed / runs, ...wilsonInterval(passed, runs) };
}

/** Counts only conclusive runs; `undefined` if there is none. */
export function passRateOf({ attempts, test }: TestRecord): PassRate | undefined {
  const told = attempts.filter(({ status }) => status !== 'skipped' && status !== 'interrupted');
  return told.length === 0
    ? undefined
    : passRate(told.filter(({ status }) => status === test.expectedStatus).length, told.length);
}
