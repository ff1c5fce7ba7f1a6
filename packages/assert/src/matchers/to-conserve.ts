import { inspect } from 'node:util';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { judgeInvariant } from '../judge-invariant.js';

function sumOf(received: unknown): number | bigint {
  const parts: readonly unknown[] = Array.isArray(received) ? received : [received];
  if (parts.length > 0 && parts.every((part) => typeof part === 'number'))
    return parts.reduce((sum, part) => sum + part, 0);
  if (parts.length > 0 && parts.every((part) => typeof part === 'bigint'))
    return parts.reduce((sum, part) => sum + part, 0n);
  throw new TypeError(
    `toConserve() needs a number, a bigint, or a list of them: current value is ${inspect(received, { depth: 1 })}`,
  );
}

export function toConserve(this: MatcherContext, received: unknown, total: number | bigint): SyncExpectationResult {
  const actual = sumOf(received);
  if (typeof total !== 'number' && typeof total !== 'bigint')
    throw new TypeError(`toConserve() needs a total: current value is ${inspect(total)}`);
  const difference = Number(actual) - Number(total);
  const message = (): string =>
    [
      this.utils.matcherHint('toConserve', 'parts', 'total', { isNot: this.isNot ?? false }),
      '',
      `Expected: ${this.isNot ? 'a total other than ' : ''}${this.utils.printExpected(total)}`,
      `Received: ${this.utils.printReceived(actual)}${this.isNot ? '' : ` (${Math.abs(difference)} ${difference < 0 ? 'lost' : 'too much'})`}`,
    ].join('\n');
  // 5 and 5n are the same total.
  const pass = typeof actual === typeof total ? actual === total : difference === 0;
  return judgeInvariant(this, pass, message, { actual: String(actual), total: String(total) });
}
