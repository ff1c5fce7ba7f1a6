import { isChaosError } from './errors.js';

const MOST_NESTED = 5;

/**
 * True if an error says that data are wrong: an `InvariantViolation`, or an error around one, by its `cause` or among
 * the `errors` of an `AggregateError`. Nothing clears it: no retry, and no further poll.
 */
export function saysWrongData(error: unknown, depth = 0): boolean {
  if (isChaosError(error, 'INVARIANT_VIOLATION')) return true;
  if (typeof error !== 'object' || error === null || depth >= MOST_NESTED) return false;
  return inner(error).some((each) => saysWrongData(each, depth + 1));
}

// Errors of users may have getters that throw.
function inner(error: object): readonly unknown[] {
  try {
    const { cause, errors, error: latest, suppressed } = error as Readonly<Record<string, unknown>>;
    // The last two are of a `SuppressedError`: what a disposal threw, and what it came after.
    return [cause, latest, suppressed, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  } catch {
    return [];
  }
}
