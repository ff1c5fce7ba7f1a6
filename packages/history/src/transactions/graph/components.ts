import { bytes, integers } from '../log/columns.js';
import type { Graph } from './graph.js';

/** The strongly connected components with more than one vertex, of the edges in `mask`. */
export interface Components {
  /** Of each vertex; -1 where it is in no cycle. */
  readonly of: Int32Array;
  readonly count: number;
}

/** Tarjan's algorithm (1972) with its own stack instead of recursion: linear, and as deep as it takes. */
export function findComponents(graph: Graph, mask: number): Components {
  const { vertices, first, target, type } = graph;
  const of = integers(vertices).fill(-1);
  const index = integers(vertices);
  const low = integers(vertices);
  const edge = integers(vertices);
  const open = integers(vertices);
  const path = integers(vertices);
  const isOpen = bytes(vertices);
  let opened = 0;
  let depth = 0;
  let counter = 0;
  let count = 0;
  for (let root = 0; root < vertices; root++) {
    if (index[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const vertex = path[depth - 1]!;
      const at = edge[vertex]!;
      if (at < first[vertex + 1]!) {
        edge[vertex] = at + 1;
        if ((type[at]! & mask) === 0) continue;
        const next = target[at]!;
        if (index[next] === 0) enter(next);
        else if (isOpen[next] === 1 && index[next]! < low[vertex]!) low[vertex] = index[next]!;
        continue;
      }
      depth--;
      if (depth > 0 && low[vertex]! < low[path[depth - 1]!]!) low[path[depth - 1]!] = low[vertex]!;
      if (low[vertex] === index[vertex]) close(vertex);
    }
  }
  return { of, count };

  function enter(vertex: number): void {
    index[vertex] = low[vertex] = ++counter;
    edge[vertex] = first[vertex]!;
    path[depth++] = vertex;
    open[opened++] = vertex;
    isOpen[vertex] = 1;
  }

  function close(root: number): void {
    const alone = open[opened - 1] === root;
    let member: number;
    do {
      member = open[--opened]!;
      isOpen[member] = 0;
      if (!alone) of[member] = count;
    } while (member !== root);
    if (!alone) count++;
  }
}
