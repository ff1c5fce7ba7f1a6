import { checkRange } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import { LONGEST_TIMER_MS } from '../longest-timer.js';

/** A stretch of an open loop in which the rate is constant, or changes evenly. */
export interface RateStage {
  /** Requests per second at its end. */
  readonly to: number;
  /** Requests per second at its beginning. Default: that at the end of the stage before, else `to`. */
  readonly from?: number | undefined;
  /** Length, ms. */
  readonly durationMs: number;
}

/** A stage with everything said. */
export interface Stage {
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
}

/** How requests arrive: evenly, or at random and independent of one another. */
export type ArrivalProcess = 'constant' | 'poisson';

const MOST_PER_SECOND = 100_000;

/** Fills in what stages leave out; throws `RangeError` for numbers that make no sense. */
export function resolveStages(stages: readonly RateStage[]): readonly Stage[] {
  let last: number | undefined;
  return stages.map(({ to, from = last ?? to, durationMs }) => {
    checkRange('to', to, { least: 0, most: MOST_PER_SECOND });
    checkRange('from', from, { least: 0, most: MOST_PER_SECOND });
    checkRange('durationMs', durationMs, { above: 0, most: LONGEST_TIMER_MS });
    last = to;
    return { from, to, durationMs };
  });
}

/** Number of arrivals that the stages amount to, on average. */
export function expectedArrivals(stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + arrivalsIn(stage), 0);
}

/**
 * The instants at which requests arrive, in ms from the beginning, ascending. Constant arrivals begin at 0. The gaps of
 * Poisson arrivals are exponential: bursts and lulls as many independent users make them.
 */
export function* arrivalTimes(
  stages: readonly Stage[],
  process: ArrivalProcess,
  random: Random,
): Generator<number, void, undefined> {
  // Arrivals due, as a number that grows with the rate: an arrival happens whenever it reaches the next mark.
  const gap = (): number => (process === 'constant' ? 1 : -Math.log(1 - random.next()));
  let mark = process === 'constant' ? 0 : gap();
  let [startMs, before] = [0, 0];
  for (const stage of stages) {
    const after = before + arrivalsIn(stage);
    for (; mark < after; mark += gap()) yield startMs + timeUntil(mark - before, stage);
    startMs += stage.durationMs;
    before = after;
  }
}

function arrivalsIn({ from, to, durationMs }: Stage): number {
  return ((from + to) / 2) * (durationMs / 1000);
}

// The time at which the area under the rate reaches `count`: the root of slope/2 t² + from t = count.
function timeUntil(count: number, { from, to, durationMs }: Stage): number {
  const slope = (to - from) / (durationMs / 1000);
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * count));
  return count === 0 ? 0 : ((2 * count) / (from + root)) * 1000;
}
