import { createRandom, type Random } from '@chaos/stats';

/** The numbers from 1 on, each once, and a stream of choices: what workloads need whose elements are all different. */
export function counting(seed: string, purpose: string): { next(): number; readonly random: Random } {
  let last = 0;
  return { next: () => ++last, random: createRandom(seed, purpose) };
}
