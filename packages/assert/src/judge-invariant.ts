import { InvariantViolation } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';

/** The result of a matcher that judges correctness: a violation is thrown as such, because no retry may clear it. */
export function judgeInvariant(
  context: MatcherContext,
  pass: boolean,
  message: () => string,
  data: Readonly<Record<string, unknown>>,
): SyncExpectationResult {
  if (!pass && !context.isNot) throw new InvariantViolation(message(), { data });
  return { pass, message };
}
