import { clopperPearson, confidenceSequence, isBoundedBelow, type Interval } from '@chaos/stats';
import type { Attempt } from '@chaos/spec';

/** Question of a flake measurement: is the failure ratio below `below`, at this confidence? */
export interface FlakeGoal {
  /** Ratio, 0…1. */
  readonly below: number;
  /** Ratio, 0…1. */
  readonly confidence: number;
}

/** Failed and all runs of a test. */
export interface FlakeTally {
  readonly failed: number;
  readonly runs: number;
}

/** Answer for one test. */
export interface FlakeRate extends FlakeTally {
  readonly rate: number;
  readonly interval: Interval;
  /** `stable`: below the goal. `flaky`: above it, and not always failing. `failing`: failed each time. */
  readonly verdict: 'stable' | 'flaky' | 'failing' | 'undecided';
}

/** Adds attempts; those that told nothing do not count. */
export function withRuns(tally: FlakeTally, attempts: readonly Attempt[], expected: string = 'passed'): FlakeTally {
  const told = attempts.filter(({ status }) => status !== 'skipped' && status !== 'interrupted');
  return {
    failed: tally.failed + told.filter(({ status }) => status !== expected).length,
    runs: tally.runs + told.length,
  };
}

/**
 * The failure ratio of a test with its interval. With `fixed`, the number of runs was decided before, and the interval
 * is Clopper and Pearson's; else it holds at any time one stops. Throws `RangeError` without a run.
 */
export function flakeRate(tally: FlakeTally, goal: FlakeGoal, fixed: boolean = false): FlakeRate {
  const { failed, runs } = tally;
  const interval = (fixed ? clopperPearson : confidenceSequence)(failed, runs, goal.confidence);
  const isStable = fixed
    ? clopperPearson(failed, runs, 2 * goal.confidence - 1).upper < goal.below
    : isBoundedBelow(failed, runs, goal.below, goal.confidence);
  const verdict =
    failed === runs && runs >= 5
      ? 'failing'
      : isStable
        ? 'stable'
        : interval.lower > goal.below
          ? 'flaky'
          : 'undecided';
  return { failed, runs, rate: failed / runs, interval, verdict };
}
