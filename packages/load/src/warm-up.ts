import { ChaosError, type LoadResult } from '@chaos/spec';
import { closedLoop, type ClosedLoopOptions } from './closed-loop.js';

/** Options of {@link warmUp}: those of a closed loop by number of operations. */
export type WarmUpOptions<T> = Omit<ClosedLoopOptions<T>, 'concurrency' | 'durationMs' | 'operations'> & {
  /** Default 20. */
  readonly operations?: number | undefined;
  /** Default 4: pools open more than one connection. */
  readonly concurrency?: number | undefined;
};

/**
 * Operations whose figures do not count: pools connect, caches fill, code gets compiled. Throws `ChaosError`
 * `WARM_UP_FAILED` when not one of them was `ok`, for then a test would measure a system that does not work.
 */
export async function warmUp<T>({
  operations = 20,
  concurrency = 4,
  ...options
}: WarmUpOptions<T>): Promise<LoadResult> {
  const result = await closedLoop({ ...options, operations, concurrency });
  if (result.counts.ok > 0) return result;
  const [first] = result.errors;
  throw new ChaosError(
    'WARM_UP_FAILED',
    `Cannot warm up: ${result.operations} of ${result.operations} operations failed${first ? ` (${first.outcome}: ${first.message})` : ` (wrong: ${result.wrong[0] ?? 'nothing'})`}`,
    {
      hint: 'The target does not work before any fault is injected: look at its log.',
      data: { counts: result.counts, errors: result.errors, wrong: result.wrong },
    },
  );
}
