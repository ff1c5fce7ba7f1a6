import { groupElements } from '../group-elements.js';

/** A matcher's call that failed. */
interface FailedCall {
  readonly matcher: string;
  /** The value under test, where it is known. */
  readonly actual: unknown;
  readonly args: readonly unknown[];
}

/** Jest's account of a failed assertion. */
interface MatcherResult {
  readonly message: string;
  readonly name?: string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

// A message that is no longer than this is read as a whole. Of a length Jest shows at most ten elements, on one line.
const MOST_LINES = 30;
const MOST_ELEMENTS = 10;

/**
 * Shortens the message of a list that ought to be empty and is long: what failed in a load has hundreds of elements and
 * few kinds. Leaves every other error as it is.
 */
export function tellByKind(error: Error, call: FailedCall): void {
  const { matcherResult } = error as { readonly matcherResult?: MatcherResult };
  if (matcherResult === undefined) return;
  const list = listOf(matcherResult, call);
  if (list === undefined) return;
  try {
    const grouped = `${matcherResult.message.split('\n', 1)[0]}\n\n${groupElements(list)}`;
    // A poll has put its log behind the message.
    error.message = error.message.replace(matcherResult.message, () => grouped);
  } catch {
    // An element that cannot be read, such as a getter that throws: Jest's message has to do.
  }
}

function listOf(
  { name, actual, expected, message }: MatcherResult,
  { matcher, actual: given, args }: FailedCall,
): readonly unknown[] | undefined {
  const isEqual = name === 'toEqual' || name === 'toStrictEqual';
  if (isEqual && Array.isArray(actual) && Array.isArray(expected) && expected.length === 0)
    return message.split('\n').length > MOST_LINES ? actual : undefined;
  const isShown = matcher === 'toHaveLength' && args[0] === 0 && Array.isArray(given) && given.length > MOST_ELEMENTS;
  return isShown ? given : undefined;
}
