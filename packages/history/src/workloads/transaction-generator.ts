import { createRandom } from '@chaos/stats';
import { keyChoice, type KeyDistribution } from './key-choice.js';
import type { WorkloadOptions } from './workload.js';

/** A step of a transaction: what is done to which key, and the value (of a read: what was read, `null` before). */
export type TransactionStep = [kind: 'r' | 'w' | 'append', key: number, value: unknown];

/** Options of the generator of transactions. */
export interface TransactionOptions extends WorkloadOptions {
  /** Keys in use at a time. Default 10. */
  readonly keys?: number;
  /**
   * Writes to a key before a fresh one takes its place. Default 64: long lists cost the reader, short ones show little.
   */
  readonly writesPerKey?: number;
  /** Steps of a transaction. Default 1 to 4. */
  readonly minSteps?: number;
  readonly maxSteps?: number;
  /** Share of reads among the steps, 0 to 1. Default 0.5. */
  readonly readRatio?: number;
  /** Default `exponential`: some keys are very hot. */
  readonly keyDistribution?: KeyDistribution;
}

/**
 * Transactions over lists (`append`), or over registers (`w`) in which each write comes after a read of the same key:
 * with values that are written once that gives the complete order of versions (arXiv 2504.02344).
 */
export function transactionGenerator(kind: 'append' | 'w', options: TransactionOptions): () => TransactionStep[] {
  const {
    seed,
    keys = 10,
    writesPerKey = 64,
    minSteps = 1,
    maxSteps = 4,
    readRatio = 0.5,
    keyDistribution = 'exponential',
  } = options;
  atLeastOne({ keys, writesPerKey, minSteps, maxSteps });
  if (maxSteps < minSteps)
    throw new RangeError(`Cannot make up transactions: current steps are ${minSteps} to ${maxSteps}`);
  if (!(readRatio >= 0 && readRatio <= 1))
    throw new RangeError(`Cannot make up transactions: current readRatio is ${readRatio}, must be from 0 to 1`);
  const random = createRandom(seed, 'transactions', kind);
  const choose = keyChoice(keys, keyDistribution, random);
  const active = Array.from({ length: keys }, (_, key) => ({ key, written: 0 }));
  let nextKey = keys;

  return () => {
    const steps: TransactionStep[] = [];
    const read = new Set<number>();
    for (let count = random.integer(minSteps, maxSteps); count > 0; count--) {
      const place = choose();
      const { key } = active[place]!;
      const isRead = random.next() < readRatio;
      if (isRead || (kind === 'w' && !read.has(key))) {
        steps.push(['r', key, null]);
        read.add(key);
      }
      if (isRead) continue;
      steps.push([kind, key, ++active[place]!.written]);
      if (active[place]!.written >= writesPerKey) active[place] = { key: nextKey++, written: 0 };
    }
    return steps;
  };
}

function atLeastOne(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`Cannot make up transactions: current ${name} is ${value}, must be a whole number from 1`);
}
