import type { Components } from './components.js';
import { PASS } from './edge-type.js';
import type { Graph } from './graph.js';

/**
 * A cycle through `vertices`, the last edge back to the first; `types[i]` leads from vertex i to the next. Helpers are
 * left out.
 */
export interface Cycle {
  readonly vertices: readonly number[];
  readonly types: readonly number[];
  /** False where the search for a shorter one was cut off. */
  readonly isShortest: boolean;
}

interface CycleSearch {
  /** The vertices at which cycles can begin; of all of them the shortest is found. */
  readonly starts: Iterable<number>;
  /** The types that the first edge may have, and the others. */
  readonly firstMask: number;
  readonly mask: number;
  /** Looks no further than these, where they are known. */
  readonly components?: Components;
  /** Edges that are looked at once a cycle is known, before that one has to do. */
  readonly budget?: number;
}

const BUDGET = 20_000_000;

/**
 * The shortest cycle that begins at one of the starts: a breadth-first search from each, no deeper than the best so
 * far.
 */
export function shortestCycle(
  graph: Graph,
  { starts, firstMask, mask, components, budget = BUDGET }: CycleSearch,
): Cycle | undefined {
  const { vertices, helpers, first, target, type } = graph;
  const seen = new Int32Array(vertices).fill(-1);
  const via = new Int32Array(vertices);
  const previous = new Int32Array(vertices);
  // A start that may begin anywhere in its cycle is done with after its turn: what is shorter does not pass it.
  const isDone = new Uint8Array(vertices);
  let best: number[] | undefined;
  let length = Infinity;
  let work = 0;

  for (const start of starts) {
    if (length === 2 || (best !== undefined && work > budget)) break;
    search(start);
    if (firstMask === mask) isDone[start] = 1;
  }
  return best && { ...withoutHelpers(graph, best), isShortest: length === 2 || work <= budget };

  function search(start: number): void {
    let level = [start];
    for (let depth = 0; level.length > 0 && depth < length; depth++) {
      const next: number[] = [];
      // Helpers lead on at no cost: what they reach belongs to this very level, so it is reached first.
      for (let at = 0; at < level.length; at++)
        if (level[at]! >= helpers) expand(start, level[at]!, { mask: PASS, length: depth, found: level });
      for (const vertex of level)
        if (vertex < helpers)
          expand(start, vertex, { mask: depth === 0 ? firstMask : mask, length: depth + 1, found: next });
      level = next;
    }
  }

  function expand(start: number, vertex: number, step: { mask: number; length: number; found: number[] }): void {
    work += first[vertex + 1]! - first[vertex]!;
    for (let edge = first[vertex]!; edge < first[vertex + 1]!; edge++) {
      const to = target[edge]!;
      if (
        (type[edge]! & step.mask) === 0 ||
        isDone[to] === 1 ||
        (components && components.of[to] !== components.of[start])
      )
        continue;
      if (to === start) {
        if (step.length >= length) continue;
        length = step.length;
        best = walkBack(start, vertex, edge);
      } else if (seen[to] !== start) {
        seen[to] = start;
        via[to] = edge;
        previous[to] = vertex;
        step.found.push(to);
      }
    }
  }

  function walkBack(start: number, from: number, last: number): number[] {
    const edges = [last];
    for (let vertex = from; vertex !== start; vertex = previous[vertex]!) edges.push(via[vertex]!);
    return edges.reverse();
  }
}

// A walk starts at a transaction and returns to it; what passes through helpers is one step, of the type that led to
// them.
function withoutHelpers(
  { helpers, target, type }: Graph,
  edges: readonly number[],
): { vertices: number[]; types: number[] } {
  const vertices: number[] = [];
  const types: number[] = [];
  for (const edge of edges) {
    if (type[edge] !== PASS) types.push(type[edge]!);
    if (target[edge]! < helpers) vertices.push(target[edge]!);
  }
  // The last target is the start.
  vertices.unshift(vertices.pop()!);
  return { vertices, types };
}
