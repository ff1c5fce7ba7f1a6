import { inspect } from 'node:util';
import type { LatencySummary, LoadResult, Outcome } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../load/describe-load.js';
import { expectHost } from '../expect-host.js';
import { loadResultOf } from '../load/load-result-of.js';
import { tooFewSamples } from '../load/too-few-samples.js';

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
      'toHaveLatencyBelow() needs one of p50, p95, p99, max in milliseconds, above 0: ' +
        `current value is ${inspect(limits)}`,
    );
  }
  // Operations that fail at once are fast: latency of failures alone proves nothing, unless that is the claim.
  const isNot = this.isNot ?? false;
  const hint = this.utils.matcherHint('toHaveLatencyBelow', 'result', 'limits', { isNot });
  if (limits.outcome === undefined && result.counts.ok === 0 && result.operations > 0)
    return {
      pass: isNot,
      message: () => `${hint}\n\nReceived: no success, so no latency of one\n\n${describeLoad(result)}`,
    };
  if (judged.count === 0)
    throw tooFewSamples(`the latency of ${limits.outcome ?? 'a success'}`, { samples: 0, needed: 1, result });
  const factor = expectHost()?.deadlineFactor ?? 1;
  const isBelow = given.every(({ limit, actual }) => actual < limit);
  // A machine that is busy makes answers late, so lateness is a failure, or the claim of `not`, only beyond the
  // stretch.
  const isBelowStretched = given.every(({ limit, actual }) => actual < limit * factor);
  const holds = isNot ? !isBelow : isBelowStretched;
  if (holds && isBelow !== isBelowStretched) expectHost()?.onStretched?.(stretched(given, factor));
  return {
    pass: isNot ? isBelow : isBelowStretched,
    message: () =>
      [
        hint,
        '',
        `Expected: ${isNot ? 'not ' : ''}${given.map((one) => expected(one, factor)).join(', ')}`,
        `Received: ${given.map(({ figure, actual }) => `${figure} = ${shown(actual)} ms`).join(', ')}`,
        '',
        describeLoad(result),
      ].join('\n'),
  };
}

interface Given {
  readonly figure: string;
  readonly limit: number;
  readonly actual: number;
}

function expected({ figure, limit }: Given, factor: number): string {
  const allowed = factor > 1 ? ` (${shown(limit * factor)} ms allowed on this busy machine)` : '';
  return `${figure} < ${limit} ms${allowed}`;
}

function stretched(given: readonly Given[], factor: number): string {
  const late = given.filter(({ limit, actual }) => actual >= limit && actual < limit * factor);
  return late
    .map(
      ({ figure, limit, actual }) =>
        `${figure} is ${shown(actual)} ms: above the limit of ${limit} ms, ` +
        `and below the ${shown(limit * factor)} ms that this busy machine is allowed`,
    )
    .join('; ');
}

function shown(ms: number): number {
  return Number(ms.toPrecision(4));
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
