import { createHash } from 'node:crypto';
import { laneDurationMs } from './order.js';
import type { History } from './history.js';
import type { Shard } from '../run-options.js';
import type { Lane } from './lanes.js';

/**
 * The lanes of one shard. With a history they are balanced by duration (longest first, each to the emptiest shard); without,
 * each lane's place follows from its tests' ids alone, so that a new test moves no other.
 */
export function lanesOfShard(lanes: readonly Lane[], { current, total }: Shard, history: History): Lane[] {
  if (Object.keys(history.tests).length === 0) return lanes.filter((lane) => place(lane, total) === current - 1);
  const loads = Array.from({ length: total }, () => 0);
  const sorted = [...lanes].sort((a, b) => laneDurationMs(b, history) - laneDurationMs(a, history) || key(a).localeCompare(key(b)));
  const mine = new Set<Lane>();
  for (const lane of sorted) {
    const emptiest = loads.indexOf(Math.min(...loads));
    loads[emptiest] = (loads[emptiest] ?? 0) + Math.max(1, laneDurationMs(lane, history));
    if (emptiest === current - 1) mine.add(lane);
  }
  return lanes.filter((lane) => mine.has(lane));
}

function place(lane: Lane, total: number): number {
  return createHash('sha1').update(key(lane)).digest().readUInt32BE(0) % total;
}

function key(lane: Lane): string {
  return lane.units[0]?.tests[0]?.id ?? '';
}
