import type { Random } from '@chaos/stats';

/**
 * How often which key is used: all alike; each half as often as the one before, as Jepsen does; or by Zipf's law, as
 * caches see it.
 */
export type KeyDistribution = 'uniform' | 'exponential' | 'zipf';

/** A chooser of indices from 0 to `count` - 1. */
export function keyChoice(count: number, distribution: KeyDistribution, random: Random): () => number {
  const weights = Array.from({ length: count }, (_, index) =>
    distribution === 'uniform' ? 1 : distribution === 'exponential' ? 2 ** -index : 1 / (index + 1),
  );
  const cumulative: number[] = [];
  let total = 0;
  for (const weight of weights) cumulative.push((total += weight));
  return () => {
    const point = random.next() * total;
    const index = cumulative.findIndex((upTo) => point < upTo);
    return index < 0 ? count - 1 : index;
  };
}
