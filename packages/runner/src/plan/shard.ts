import { createHash } from 'node:crypto';
import type { RunnerConfig } from '@chaos/spec';
import { laneDurationMs } from './order.js';
import type { Timings } from '@chaos/record';
import type { JobChain } from './job-chains.js';

/** Content of one shard, and the input of the cut: shards cut from different inputs may lose tests between them. */
export interface ShardPlan {
  readonly chains: readonly JobChain[];
  readonly basis: string;
}

/**
 * The chains of one shard. If the durations of all tests are known, shards are balanced by them (longest first, each to
 * the emptiest shard). Otherwise a chain's shard follows from its file's name, or its only test's id, so that a new
 * test moves no other.
 */
export function planShard(
  chains: readonly JobChain[],
  { current, total }: NonNullable<RunnerConfig['shard']>,
  timings: Timings,
): ShardPlan {
  // Partial timings are left by another shard in the same folder: with them, shards would be cut differently.
  const isKnown = chains.every(({ jobs }) =>
    jobs.every(({ tests }) => tests.every(({ id }) => timings.tests[id] !== undefined)),
  );
  if (!isKnown)
    return { chains: chains.filter((chain) => place(chain, total) === current - 1), basis: `names of ${total}` };
  const loads = Array.from({ length: total }, () => 0);
  const keyed = chains.map((chain) => ({
    chain,
    name: key(chain),
    durationMs: Math.max(1, laneDurationMs(chain, timings)),
  }));
  const basis = createHash('sha1').update(`${total}`);
  const mine = new Set<JobChain>();
  for (const { chain, name, durationMs } of keyed.toSorted(
    (a, b) => b.durationMs - a.durationMs || (a.name < b.name ? -1 : 1),
  )) {
    basis.update(`\n${name} ${durationMs}`);
    const emptiest = loads.indexOf(Math.min(...loads));
    loads[emptiest] = (loads[emptiest] ?? 0) + durationMs;
    if (emptiest === current - 1) mine.add(chain);
  }
  return { chains: chains.filter((chain) => mine.has(chain)), basis: basis.digest('hex') };
}

function place(chain: JobChain, total: number): number {
  return createHash('sha1').update(key(chain)).digest().readUInt32BE(0) % total;
}

// Do not name a chain of a whole file after its first test, because another may come before it later. Ids begin with
// the file's hash.
function key({ jobs }: JobChain): string {
  const [first] = jobs[0]?.tests ?? [];
  if (!first) return '';
  return first.parallel ? first.id : `${first.id.slice(0, 20)} ${first.project} ${first.repeatEachIndex}`;
}
