import { ChaosError, type LoadResult } from '@chaos/spec';

/** True if a load is too small for a claim. One without a success is not: 60 time-outs of 60 are a finding. */
export function isTooFew({ operations, counts }: LoadResult, needed: number): boolean {
  return operations < needed && (operations === 0 || counts.ok > 0);
}

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
