import type { MatcherContext, SyncExpectationResult } from 'expect';
import { describeLoad } from '../load/describe-load.js';
import { judgeInvariant } from '../judge-invariant.js';
import { loadResultOf } from '../load/load-result-of.js';
import { tooFewSamples } from '../load/too-few-samples.js';

export function toHaveNoWrongResult(this: MatcherContext, received: unknown): SyncExpectationResult {
  const result = loadResultOf('toHaveNoWrongResult', received);
  if (!result.judged) {
    throw new TypeError(
      'toHaveNoWrongResult() needs a load with `right`: current value is a result that nobody judged',
    );
  }
  const { ok, wrong } = result.counts;
  if (ok + wrong === 0) throw tooFewSamples('that no result is wrong', { samples: 0, needed: 1, result });
  const message = (): string =>
    [
      this.utils.matcherHint('toHaveNoWrongResult', 'result', '', { isNot: this.isNot ?? false }),
      '',
      `Expected: ${this.isNot ? 'some' : '0'} wrong results`,
      `Received: ${wrong} of ${ok + wrong} judged`,
      ...result.wrong.map((value) => `  ${value}`),
      '',
      describeLoad(result),
    ].join('\n');
  return judgeInvariant(this, wrong === 0, message, { wrong, judged: ok + wrong, examples: result.wrong });
}
