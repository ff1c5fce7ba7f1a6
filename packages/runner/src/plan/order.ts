import { createRandom } from '@chaos/stats';
import { HOST } from './claims.js';
import type { Timings } from '@chaos/record';
import type { JobChain } from './job-chains.js';

// Minimum cost of importing a file again, ms: a smaller difference in length does not make a chain more urgent.
const IMPORT_MS = 10;

/** Criteria for ordering chains. */
export interface OrderOptions {
  readonly timings: Timings;
  /** `--shuffle`: the seed. */
  readonly shuffle: string | undefined;
  /** With one worker the order of declaration stays, except that the last failures go first. */
  readonly workers: number;
}

/**
 * Orders chains: first those that failed last time, then the longest, so that no long one is left to the end; those
 * that need the whole machine come last.
 */
export function orderChains(chains: readonly JobChain[], { timings, shuffle, workers }: OrderOptions): JobChain[] {
  if (shuffle !== undefined) return createRandom(shuffle, 'shuffle').shuffle(chains);
  const keyed = chains.map((chain, index) => ({
    chain,
    index,
    exclusive: chain.jobs.some(({ claims }) => claims.exclusive.includes(HOST)),
    failed: hasFailed(chain, timings),
    durationMs: workers > 1 ? laneDurationMs(chain, timings) : 0,
  }));
  keyed.sort(
    (a, b) =>
      Number(a.exclusive) - Number(b.exclusive) ||
      Number(b.failed) - Number(a.failed) ||
      b.durationMs - a.durationMs ||
      a.index - b.index,
  );
  let top = keyed[0];
  let tier = 0;
  return keyed.map((each) => {
    if (
      top &&
      (each.exclusive !== top.exclusive || each.failed !== top.failed || each.durationMs < top.durationMs - IMPORT_MS)
    ) {
      tier += 1;
      top = each;
    }
    return { ...each.chain, tier };
  });
}

/** Known duration of a chain, ms; an unknown test counts as the mean of the known ones. */
export function laneDurationMs(chain: JobChain, timings: Timings): number {
  return chain.jobs.reduce(
    (sum, { tests }) =>
      sum + tests.reduce((total, { id }) => total + (timings.tests[id]?.durationMs ?? timings.meanMs), 0),
    0,
  );
}

function hasFailed(chain: JobChain, timings: Timings): boolean {
  return chain.jobs.some(({ tests }) => tests.some(({ id }) => timings.tests[id]?.failed === true));
}
