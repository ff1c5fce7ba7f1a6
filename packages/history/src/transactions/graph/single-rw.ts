import { integers } from '../log/columns.js';
import { PASS, RW } from './edge-type.js';
import type { Graph } from './graph.js';
import { shortestCycle } from './shortest-cycle.js';
import type { Cycle } from './shortest-cycle.js';

/**
 * The shortest cycle with exactly one rw edge, where the edges in `mask` (without rw) make none by themselves. Which rw
 * edges lie on one is found for 32 of their sources at a time, by passing bits along a topological order of the others.
 */
export function shortestSingleRw(graph: Graph, mask: number): Cycle | undefined {
  const order = topologicalOrder(graph, mask);
  const sources: number[] = [];
  for (let vertex = 0; vertex < graph.helpers; vertex++) if (hasRw(graph, vertex)) sources.push(vertex);
  return shortestCycle(graph, { starts: onCycle(graph, { order, sources, mask }), firstMask: RW, mask });
}

function* onCycle(
  { vertices, first, target, type }: Graph,
  { order, sources, mask }: { order: Int32Array; sources: readonly number[]; mask: number },
): Generator<number> {
  const reached = integers(vertices);
  for (let chunk = 0; chunk < sources.length; chunk += 32) {
    const group = sources.slice(chunk, chunk + 32);
    reached.fill(0);
    for (const [bit, source] of group.entries()) spread(source, 1 << bit, RW);
    for (const vertex of order) if (reached[vertex] !== 0) spread(vertex, reached[vertex]!, mask);
    yield* group.filter((source, bit) => (reached[source]! & (1 << bit)) !== 0);
  }

  function spread(vertex: number, bits: number, allowed: number): void {
    for (let edge = first[vertex]!; edge < first[vertex + 1]!; edge++)
      if ((type[edge]! & allowed) !== 0) reached[target[edge]!]! |= bits;
  }
}

function hasRw({ first, type }: Graph, vertex: number): boolean {
  for (let edge = first[vertex]!; edge < first[vertex + 1]!; edge++) if (type[edge] === RW) return true;
  return false;
}

// Kahn's algorithm. Helpers behind rw edges are sources here: PASS is in the mask, rw is not.
function topologicalOrder({ vertices, first, target, type }: Graph, mask: number): Int32Array {
  const incoming = integers(vertices);
  for (let edge = 0; edge < target.length; edge++) if ((type[edge]! & (mask | PASS)) !== 0) incoming[target[edge]!]!++;
  const order = integers(vertices);
  let end = 0;
  for (let vertex = 0; vertex < vertices; vertex++) if (incoming[vertex] === 0) order[end++] = vertex;
  for (let at = 0; at < end; at++) {
    for (let edge = first[order[at]!]!; edge < first[order[at]! + 1]!; edge++) {
      if ((type[edge]! & (mask | PASS)) !== 0 && --incoming[target[edge]!]! === 0) order[end++] = target[edge]!;
    }
  }
  return order;
}
