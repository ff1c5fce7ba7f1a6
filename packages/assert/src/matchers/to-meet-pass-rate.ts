import { minimumSamples } from '@chaos/stats';
import type { ResolvedConfig } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { inspect } from 'node:util';
import { describeLoad } from '../load/describe-load.js';
import { loadResultOf } from '../load/load-result-of.js';
import { isTooFew, tooFewSamples } from '../load/too-few-samples.js';

export function toMeetPassRate(
  this: MatcherContext,
  received: unknown,
  config: Pick<ResolvedConfig, 'passRates'>,
  level: 'target' | 'acceptable' = 'acceptable',
): SyncExpectationResult {
  const result = loadResultOf('toMeetPassRate', received);
  const rate = config?.passRates?.[level];
  if (!(rate >= 0 && rate <= 100))
    throw new RangeError(
      `toMeetPassRate() needs passRates.${level} in [0, 100] percent: current value is ${inspect(rate)}`,
    );
  const needed = rate === 100 || rate === 0 ? 1 : minimumSamples(1 - rate / 100);
  if (isTooFew(result, needed))
    throw tooFewSamples(`a pass rate of ${rate} %`, { samples: result.operations, needed, result });
  const actual = (100 * result.counts.ok) / result.operations;
  return {
    pass: actual >= rate,
    message: () =>
      [
        this.utils.matcherHint('toMeetPassRate', 'result', 'config', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? '<' : '>='} ${this.utils.printExpected(rate)} % (${level}; ` +
          `target ${config.passRates.target} %, acceptable ${config.passRates.acceptable} %)`,
        `Received:    ${this.utils.printReceived(Number(actual.toPrecision(4)))} % (${result.counts.ok} ` +
          `of ${result.operations})`,
        '',
        describeLoad(result),
      ].join('\n'),
  };
}
