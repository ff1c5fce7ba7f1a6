import { inspect } from 'node:util';
import type { LatencySummary, LoadResult, Outcome } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../describe-load.js';
import { loadResultOf } from '../load-result-of.js';
import { tooFewSamples } from '../too-few-samples.js';

/** Upper limits of latency in milliseconds; those that are given must all hold. */
export interface LatencyLimits {
  /** Limit of the median. */
  readonly p50?: number;
  /** Limit of the 95th percentile. */
  readonly p95?: number;
  /** Limit of the 99th percentile. */
  readonly p99?: number;
  /** Limit of the slowest. */
  readonly max?: number;
  /**
   * Operations to judge: those with one outcome, or `any` for the claim that every answer comes in time, refusals too.
   * Default: all operations, of which at least one must have succeeded.
   */
  readonly outcome?: Outcome | 'any';
}

const FIGURES = ['p50', 'p95', 'p99', 'max'] as const;

export function toHaveLatencyBelow(
  this: MatcherContext,
  received: unknown,
  limits: LatencyLimits,
): SyncExpectationResult {
  const result = loadResultOf('toHaveLatencyBelow', received);
  const judged = judgedLatency(result, limits?.outcome);
  const given = FIGURES.flatMap((figure) =>
    limits?.[figure] === undefined ? [] : [{ figure, limit: limits[figure], actual: judged[figure] }],
  );
  if (given.length === 0 || given.some(({ limit }) => !(limit > 0))) {
    throw new RangeError(
      `toHaveLatencyBelow() needs one of p50, p95, p99, max in milliseconds, above 0: current value is ${inspect(limits)}`,
    );
  }
  // Operations that fail at once are fast: latency of failures alone proves nothing, unless that is the claim.
  if (judged.count === 0 || (limits.outcome === undefined && result.counts.ok === 0))
    throw tooFewSamples(`the latency of ${limits.outcome ?? 'a success'}`, 0, 1, describeLoad(result));
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

function judgedLatency(result: LoadResult, outcome: LatencyLimits['outcome']): LatencySummary {
  if (outcome === undefined || outcome === 'any') return result.latency;
  const latency = (result.latencyOf as Partial<LoadResult['latencyOf']>)[outcome];
  if (latency !== undefined) return latency;
  const known = Object.keys(result.latencyOf).map((name) => `"${name}"`);
  throw new RangeError(
    `toHaveLatencyBelow() cannot judge outcome ${inspect(outcome)}: known are "any", ${known.join(', ')}`,
  );
}
