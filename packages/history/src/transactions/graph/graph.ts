import { bytes, integers } from '../log/columns.js';
import type { EdgeList } from './edge-list.js';

/**
 * A directed graph in compressed rows: the edges of v are `first[v]` up to `first[v + 1]`. Vertices from `helpers` on
 * stand for no transaction.
 */
export interface Graph {
  readonly vertices: number;
  readonly helpers: number;
  readonly first: Int32Array;
  readonly target: Int32Array;
  readonly type: Uint8Array;
}

/** The graph of these edges, by a counting sort. */
export function createGraph(vertices: number, helpers: number, edges: EdgeList): Graph {
  const { from, to, type: types } = edges.columns();
  const first = integers(vertices + 1);
  for (let edge = 0; edge < from.length; edge++) first[from[edge]! + 1]!++;
  for (let vertex = 0; vertex < vertices; vertex++) first[vertex + 1]! += first[vertex]!;
  const next = integers(vertices);
  next.set(first.subarray(0, vertices));
  const target = integers(from.length);
  const type = bytes(from.length);
  for (let edge = 0; edge < from.length; edge++) {
    const at = next[from[edge]!]!++;
    target[at] = to[edge]!;
    type[at] = types[edge]!;
  }
  return { vertices, helpers, first, target, type };
}
