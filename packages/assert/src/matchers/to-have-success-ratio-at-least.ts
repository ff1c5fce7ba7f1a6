import { checkRange } from '@chaos/spec';
import { minimumSamples } from '@chaos/stats';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../load/describe-load.js';
import { loadResultOf } from '../load/load-result-of.js';
import { isTooFew, tooFewSamples } from '../load/too-few-samples.js';

export function toHaveSuccessRatioAtLeast(
  this: MatcherContext,
  received: unknown,
  ratio: number,
): SyncExpectationResult {
  const result = loadResultOf('toHaveSuccessRatioAtLeast', received);
  checkRange('the ratio of toHaveSuccessRatioAtLeast()', ratio, { least: 0, most: 1 });
  // No number of samples shows "always" or refutes "never": there what was seen decides.
  const needed = ratio === 1 || ratio === 0 ? 1 : minimumSamples(1 - ratio);
  if (isTooFew(result, needed))
    throw tooFewSamples(`a success ratio of at least ${ratio}`, { samples: result.operations, needed, result });
  const actual = result.counts.ok / result.operations;
  return {
    pass: actual >= ratio,
    message: () =>
      [
        this.utils.matcherHint('toHaveSuccessRatioAtLeast', 'result', 'ratio', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? '<' : '>='} ${this.utils.printExpected(ratio)}`,
        `Received:    ${this.utils.printReceived(Number(actual.toPrecision(4)))} (${result.counts.ok} of ` +
          `${result.operations})`,
        '',
        describeLoad(result),
      ].join('\n'),
  };
}
