/** The outcome of a search for the test that makes another one fail. */
export interface Pollution {
  /** Undefined where no single test before it makes it fail. */
  readonly polluter: string | undefined;
  /** Runs that the search took: at most 2 + 2 log2 of the number of candidates. */
  readonly runs: number;
}

/**
 * Finds the test after which a victim fails, among those that run before it, by halving them.
 *
 * @param candidates ids in the order in which they run
 * @param failsAfter runs some of them, then the victim, and says whether the victim fails
 */
export async function findPolluter(
  candidates: readonly string[],
  failsAfter: (before: readonly string[]) => Promise<boolean>,
): Promise<Pollution> {
  let runs = 0;
  const ask = async (before: readonly string[]): Promise<boolean> => {
    runs++;
    return failsAfter(before);
  };
  if (candidates.length === 0 || !(await ask(candidates))) return { polluter: undefined, runs };
  let left = candidates;
  while (left.length > 1) {
    const half = left.slice(0, Math.ceil(left.length / 2));
    const other = left.slice(half.length);
    if (await ask(half)) left = half;
    else if (await ask(other)) left = other;
    // It takes tests of both halves.
    else return { polluter: undefined, runs };
  }
  return { polluter: left[0], runs };
}
