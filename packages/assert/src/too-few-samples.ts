import { ChaosError } from '@chaos/spec';

/**
 * The error of a claim that `samples` operations cannot carry. Thrown, not returned: `.not` must not turn it into a
 * success.
 */
export function tooFewSamples(claim: string, samples: number, needed: number, seen: string): ChaosError {
  return new ChaosError(
    'TOO_FEW_SAMPLES',
    `Cannot claim ${claim} from ${samples} operations: at least ${needed} are needed\n\n${seen}`,
    {
      hint: 'Run the load longer or with more concurrency, or claim less.',
      data: { samples, needed },
    },
  );
}
