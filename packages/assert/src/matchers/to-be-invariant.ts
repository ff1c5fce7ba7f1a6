import type { MatcherContext, SyncExpectationResult } from 'expect';
import { judgeInvariant } from '../judge-invariant.js';

export function toBeInvariant(this: MatcherContext, received: unknown, expected: unknown): SyncExpectationResult {
  const pass = this.equals(received, expected, [...this.customTesters, this.utils.iterableEquality]);
  const hint = this.utils.matcherHint('toBeInvariant', 'received', 'expected', { isNot: this.isNot ?? false });
  const message = (): string =>
    this.isNot
      ? `${hint}\n\nExpected: not ${this.utils.printExpected(expected)}`
      : `${hint}\n\n${this.utils.printDiffOrStringify(expected, received, 'Expected', 'Received', this.expand !== false)}`;
  return judgeInvariant(this, pass, message, {});
}
