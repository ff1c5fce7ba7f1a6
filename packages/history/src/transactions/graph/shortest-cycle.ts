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
export function shortestCycle(graph: Graph, search: CycleSearch): Cycle | undefined {
  const { starts, firstMask, mask, budget = BUDGET } = search;
  const finder = new CycleFinder(graph, search);
  for (const start of starts) {
    if (finder.length === 2 || (finder.best !== undefined && finder.work > budget)) break;
    finder.search(start);
    if (firstMask === mask) finder.finish(start);
  }
  const { best, length, work } = finder;
  return best && { ...withoutHelpers(graph, best), isShortest: length === 2 || work <= budget };
}

/** What the searches from all starts share. */
class CycleFinder {
  /** The edges of the shortest cycle so far. */
  best: number[] | undefined;
  length = Infinity;
  /** Number of edges that were looked at. */
  work = 0;
  readonly #graph: Graph;
  readonly #search: CycleSearch;
  /** By vertex: the last start from which it was reached, the edge by which, and the vertex before it. */
  readonly #seen: Int32Array;
  readonly #via: Int32Array;
  readonly #previous: Int32Array;
  readonly #isDone: Uint8Array;

  constructor(graph: Graph, search: CycleSearch) {
    this.#graph = graph;
    this.#search = search;
    this.#seen = new Int32Array(graph.vertices).fill(-1);
    this.#via = new Int32Array(graph.vertices);
    this.#previous = new Int32Array(graph.vertices);
    this.#isDone = new Uint8Array(graph.vertices);
  }

  /** A start that may begin anywhere in its cycle is done with after its turn: what is shorter does not pass it. */
  finish(start: number): void {
    this.#isDone[start] = 1;
  }

  search(start: number): void {
    const { firstMask, mask } = this.#search;
    const { helpers } = this.#graph;
    let level = [start];
    for (let depth = 0; level.length > 0 && depth < this.length; depth++) {
      const next: number[] = [];
      // Helpers lead on at no cost: what they reach belongs to this very level, so it is reached first.
      for (let at = 0; at < level.length; at++)
        if (level[at]! >= helpers) this.#expand(start, level[at]!, { mask: PASS, length: depth, found: level });
      const step = { mask: depth === 0 ? firstMask : mask, length: depth + 1, found: next };
      for (const vertex of level) if (vertex < helpers) this.#expand(start, vertex, step);
      level = next;
    }
  }

  #expand(start: number, vertex: number, step: { mask: number; length: number; found: number[] }): void {
    const { first, target, type } = this.#graph;
    const of = this.#search.components?.of;
    const [seen, isDone] = [this.#seen, this.#isDone];
    const [from, end] = [first[vertex]!, first[vertex + 1]!];
    this.work += end - from;
    for (let edge = from; edge < end; edge++) {
      const to = target[edge]!;
      if ((type[edge]! & step.mask) === 0 || isDone[to] === 1 || (of && of[to] !== of[start])) continue;
      if (to === start) {
        if (step.length >= this.length) continue;
        this.length = step.length;
        this.best = this.#walkBack(start, vertex, edge);
      } else if (seen[to] !== start) {
        seen[to] = start;
        this.#via[to] = edge;
        this.#previous[to] = vertex;
        step.found.push(to);
      }
    }
  }

  #walkBack(start: number, from: number, last: number): number[] {
    const edges = [last];
    for (let vertex = from; vertex !== start; vertex = this.#previous[vertex]!) edges.push(this.#via[vertex]!);
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
