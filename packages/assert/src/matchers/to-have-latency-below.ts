import { inspect } from 'node:util';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../describe-load.js';
import { loadResultOf } from '../load-result-of.js';
import { tooFewSamples } from '../too-few-samples.js';

/** Upper limits of latency in milliseconds; those that are given must all hold. */
export interface LatencyLimits {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly max?: number;
}

const FIGURES = ['p50', 'p95', 'p99', 'max'] as const;

export function toHaveLatencyBelow(
  this: MatcherContext,
  received: unknown,
  limits: LatencyLimits,
): SyncExpectationResult {
  const result = loadResultOf('toHaveLatencyBelow', received);
  const given = FIGURES.flatMap((figure) =>
    limits?.[figure] === undefined ? [] : [{ figure, limit: limits[figure], actual: result.latency[figure] }],
  );
  if (given.length === 0 || given.some(({ limit }) => !(limit > 0))) {
    throw new RangeError(
      `toHaveLatencyBelow() needs one of p50, p95, p99, max in milliseconds, above 0: current value is ${inspect(limits)}`,
    );
  }
  // What fails at once is fast: a latency of failures alone says nothing.
  if (result.latency.count === 0 || result.counts.ok === 0)
    throw tooFewSamples('the latency of a success', 0, 1, describeLoad(result));
  return {
    pass: given.every(({ limit, actual }) => actual < limit),
    message: () =>
      [
        this.utils.matcherHint('toHaveLatencyBelow', 'result', 'limits', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? 'not ' : ''}${given.map(({ figure, limit }) => `${figure} < ${limit} ms`).join(', ')}`,
        `Received: ${given.map(({ figure, actual }) => `${figure} = ${Number(actual.toPrecision(4))} ms`).join(', ')}`,
        '',
        describeLoad(result),
      ].join('\n'),
  };
}
