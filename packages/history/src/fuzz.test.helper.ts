import { createRandom, type Random } from '@chaos/stats';

// `pnpm fuzz:history --count 20000 --seed text`: the property tests with other seeds, and more of them.
const COUNT = process.env['FUZZ_COUNT'];
const SEED = process.env['FUZZ_SEED'] ?? '';

/** Time limit of a property test in milliseconds: half a minute for a quiet machine, hours for a fuzz run. */
export const FUZZ_TIMEOUT_MS: number = COUNT === undefined ? 120_000 : 14_400_000;

/** Number of cases that a property test tries: `usual`, or the number set by the fuzz run. */
export function fuzzCount(usual: number): number {
  return COUNT === undefined ? usual : Number(COUNT);
}

/** Parameters of `fc.assert`: `usual` runs with a new seed each time, or those of the fuzz run. */
export function fuzzRuns(usual: number): { readonly numRuns: number; readonly seed?: number } {
  if (SEED === '') return { numRuns: fuzzCount(usual) };
  return { numRuns: fuzzCount(usual), seed: createRandom('fuzz', SEED).integer(0, 2 ** 31 - 1) };
}

/**
 * Calls `body` with one source of random numbers per case. `purpose` separates the streams of the tests. An error is
 * told with the seed that repeats it.
 */
export function forSeeds(purpose: string, usual: number, body: (random: Random) => void): void {
  for (let seed = 0; seed < fuzzCount(usual); seed++) {
    try {
      body(createRandom(SEED, purpose, `${seed}`));
    } catch (error) {
      throw new Error(`Case ${seed} of "${purpose}" (FUZZ_SEED="${SEED}"): ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}
