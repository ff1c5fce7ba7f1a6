import { createRandom } from '@chaos/stats';
import type { TransactionStep } from './transaction-generator.js';
import type { WorkloadOptions } from './workload.js';

/** Options of the search for a long fork. */
export interface LongForkWorkloadOptions extends WorkloadOptions {
  /** Keys that are read together. Default 2. */
  readonly groupSize?: number;
}

/** Writes of one key each, once a key, and reads of its whole group around them. */
export function longForkGenerator({ seed, groupSize = 2 }: LongForkWorkloadOptions): () => TransactionStep[] {
  if (!Number.isSafeInteger(groupSize) || groupSize < 2)
    throw new RangeError(
      `Cannot look for a long fork: current groupSize is ${groupSize}, must be a whole number from 2`,
    );
  const random = createRandom(seed, 'long-fork');
  let unwritten: number[] = [];
  let group = -1;
  return () => {
    if (unwritten.length === 0)
      unwritten = random.shuffle(Array.from({ length: groupSize }, (_, key) => key + groupSize * (group + 1)));
    const isFirst = unwritten.length === groupSize;
    // Reads of a group come between its writes, which is when they can disagree.
    if (!isFirst && random.next() < 0.6)
      return Array.from({ length: groupSize }, (_, key): TransactionStep => ['r', key + groupSize * group, null]);
    if (isFirst) group++;
    return [['w', unwritten.pop()!, 1]];
  };
}
