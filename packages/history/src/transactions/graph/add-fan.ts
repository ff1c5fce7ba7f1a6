import type { EdgeList } from './edge-list.js';
import { PASS, RW } from './edge-type.js';

/**
 * rw from each reader to each writer but itself, linear in their number. Writers are distinct; returns the next free
 * vertex.
 */
export function addFan(
  readers: readonly number[],
  writers: readonly number[],
  edges: EdgeList,
  freeVertex: number,
): number {
  const count = writers.length;
  if (count === 1) {
    for (const reader of readers) if (reader !== writers[0]) edges.add(reader, writers[0]!, RW);
    return freeVertex;
  }
  // `before + i` leads to the writers up to i, `after + i` to those from i on.
  const [before, after] = [freeVertex, freeVertex + count];
  const placeOf = new Map(writers.map((writer, at) => [writer, at]));
  for (let at = 0; at < count; at++) {
    edges.add(before + at, writers[at]!, PASS);
    edges.add(after + at, writers[at]!, PASS);
    if (at === 0) continue;
    edges.add(before + at, before + at - 1, PASS);
    edges.add(after + at - 1, after + at, PASS);
  }
  for (const reader of readers) {
    const own = placeOf.get(reader) ?? count;
    if (own > 0) edges.add(reader, before + own - 1, RW);
    if (own < count - 1) edges.add(reader, after + own + 1, RW);
  }
  return freeVertex + 2 * count;
}
