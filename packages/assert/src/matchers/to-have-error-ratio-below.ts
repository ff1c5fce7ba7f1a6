import { checkRange } from '@chaos/spec';
import { minimumSamples } from '@chaos/stats';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../load/describe-load.js';
import { loadResultOf } from '../load/load-result-of.js';
import { isTooFew, tooFewSamples } from '../load/too-few-samples.js';

export function toHaveErrorRatioBelow(this: MatcherContext, received: unknown, ratio: number): SyncExpectationResult {
  const result = loadResultOf('toHaveErrorRatioBelow', received);
  checkRange('the ratio of toHaveErrorRatioBelow()', ratio, { above: 0, most: 1 });
  const needed = ratio === 1 ? 1 : minimumSamples(ratio);
  if (isTooFew(result, needed))
    throw tooFewSamples(`an error ratio below ${ratio}`, { samples: result.operations, needed, result });
  const errors = result.operations - result.counts.ok;
  const actual = errors / result.operations;
  return {
    pass: actual < ratio,
    message: () =>
      [
        this.utils.matcherHint('toHaveErrorRatioBelow', 'result', 'ratio', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? '>=' : '<'} ${this.utils.printExpected(ratio)}`,
        `Received:    ${this.utils.printReceived(Number(actual.toPrecision(4)))} (${errors} of ${result.operations})`,
        '',
        describeLoad(result),
      ].join('\n'),
  };
}
