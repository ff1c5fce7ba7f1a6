import { ChaosError, type LoadResult } from '@chaos/spec';
import { describeLoad } from './describe-load.js';

/** True if a load is too small for a claim. One without a success is not: 60 time-outs of 60 are a finding. */
export function isTooFew({ operations, counts }: LoadResult, needed: number): boolean {
  return operations < needed && (operations === 0 || counts.ok > 0);
}

/**
 * The error of a claim that `samples` operations cannot carry. Thrown, not returned: `.not` must not turn it into a
 * success.
 */
export function tooFewSamples(
  claim: string,
  { samples, needed, result }: { readonly samples: number; readonly needed: number; readonly result: LoadResult },
): ChaosError {
  const { operations, counts } = result;
  return new ChaosError(
    'TOO_FEW_SAMPLES',
    `Cannot claim ${claim} from ${samples} operations: at least ${needed} are needed\n\n${describeLoad(result)}`,
    {
      hint:
        operations > 0 && counts.timeout === operations
          ? 'Every operation timed out, and a longer load would, too: find out why, or give the operations more time.'
          : 'Run the load longer or with more concurrency, or claim less.',
      data: { samples, needed },
    },
  );
}
