import { inspect } from 'node:util';
import type { LoadParameters } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';

/** `max(atLeast, concurrentRequests / per)` is the least that is expected. */
export interface ScaleOptions {
  /** The least number that is right, however small the load. */
  readonly atLeast: number;
  /** Concurrent requests for each one that is expected. */
  readonly per: number;
}

export function toScaleWith(
  this: MatcherContext,
  received: unknown,
  config: Pick<LoadParameters, 'concurrentRequests'>,
  options: ScaleOptions,
): SyncExpectationResult {
  if (typeof received !== 'number')
    throw new TypeError(`toScaleWith() needs a number: current value is ${inspect(received, { depth: 0 })}`);
  const { atLeast, per } = options;
  if (!(atLeast >= 0) || !(per > 0))
    throw new RangeError(`toScaleWith() needs atLeast >= 0 and per > 0: current value is ${inspect(options)}`);
  const least = Math.max(atLeast, config.concurrentRequests / per);
  return {
    pass: received >= least,
    message: () =>
      [
        this.utils.matcherHint('toScaleWith', 'received', 'config, options', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? '<' : '>='} ${this.utils.printExpected(least)} (max(${atLeast}, ` +
          `${config.concurrentRequests} concurrent requests / ${per}))`,
        `Received:    ${this.utils.printReceived(received)}`,
      ].join('\n'),
  };
}
