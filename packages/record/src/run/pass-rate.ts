import { wilsonInterval } from '@chaos/stats';
import type { TestRecord } from './run-record.js';

/** How often a repeated test passed, and between which bounds the true rate lies (Wilson, 95 %); rates from 0 to 1. */
export interface PassRate {
  readonly runs: number;
  readonly passed: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The rate of `passed` among `runs`, of which there is at least one. */
export function passRate(passed: number, runs: number): PassRate {
  return { runs, passed, rate: passed / runs, ...wilsonInterval(passed, runs) };
}

/** Over the runs that said something; `undefined` where none did. */
export function passRateOf({ attempts, test }: TestRecord): PassRate | undefined {
  const told = attempts.filter(({ status }) => status !== 'skipped' && status !== 'interrupted');
  return told.length === 0
    ? undefined
    : passRate(told.filter(({ status }) => status === test.expectedStatus).length, told.length);
}
