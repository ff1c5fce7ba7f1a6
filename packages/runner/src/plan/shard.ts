import { createHash } from 'node:crypto';
import type { RunnerConfig } from '@chaos/spec';
import { laneDurationMs } from './order.js';
import type { Timings } from '@chaos/record';
import type { Lane } from './lanes.js';

/** Content of one shard, and the input of the cut: shards cut from different inputs may lose tests between them. */
export interface ShardPlan {
  readonly lanes: readonly Lane[];
  readonly basis: string;
}

/**
 * The lanes of one shard. If the durations of all tests are known, shards are balanced by them (longest first, each to
 * the emptiest shard). Otherwise a lane's shard follows from its file's name, or its only test's id, so that a new test
 * moves no other.
 */
export function planShard(
  lanes: readonly Lane[],
  { current, total }: NonNullable<RunnerConfig['shard']>,
  timings: Timings,
): ShardPlan {
  // Partial timings are left by another shard in the same folder: with them, shards would be cut differently.
  const isKnown = lanes.every(({ units }) =>
    units.every(({ tests }) => tests.every(({ id }) => timings.tests[id] !== undefined)),
  );
  if (!isKnown)
    return { lanes: lanes.filter((lane) => place(lane, total) === current - 1), basis: `names of ${total}` };
  const loads = Array.from({ length: total }, () => 0);
  const keyed = lanes.map((lane) => ({
    lane,
    name: key(lane),
    durationMs: Math.max(1, laneDurationMs(lane, timings)),
  }));
  const basis = createHash('sha1').update(`${total}`);
  const mine = new Set<Lane>();
  for (const { lane, name, durationMs } of keyed.toSorted(
    (a, b) => b.durationMs - a.durationMs || (a.name < b.name ? -1 : 1),
  )) {
    basis.update(`\n${name} ${durationMs}`);
    const emptiest = loads.indexOf(Math.min(...loads));
    loads[emptiest] = (loads[emptiest] ?? 0) + durationMs;
    if (emptiest === current - 1) mine.add(lane);
  }
  return { lanes: lanes.filter((lane) => mine.has(lane)), basis: basis.digest('hex') };
}

function place(lane: Lane, total: number): number {
  return createHash('sha1').update(key(lane)).digest().readUInt32BE(0) % total;
}

// Do not name a lane of a whole file after its first test, because another may come before it later. Ids begin with the
// file's hash.
function key({ units }: Lane): string {
  const [first] = units[0]?.tests ?? [];
  if (!first) return '';
  return first.parallel ? first.id : `${first.id.slice(0, 20)} ${first.project} ${first.repeatEachIndex}`;
}
