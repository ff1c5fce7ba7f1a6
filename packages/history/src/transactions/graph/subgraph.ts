import { integers } from '../log/columns.js';
import type { Components } from './components.js';
import type { Graph } from './graph.js';

/** A part of a graph with vertices of its own numbering; `origin` says which they were. */
export interface Subgraph extends Graph {
  readonly origin: Int32Array;
}

/** The part of the graph that each component spans: its vertices, and the edges in `mask` between them. */
export function* subgraphs(graph: Graph, components: Components, mask: number): Generator<Subgraph> {
  const { of, count } = components;
  const size = integers(count + 1);
  for (let vertex = 0; vertex < of.length; vertex++) if (of[vertex] !== -1) size[of[vertex]! + 1]!++;
  for (let component = 0; component < count; component++) size[component + 1]! += size[component]!;
  const next = size.slice(0, count);
  const members = integers(size[count]!);
  const local = integers(graph.vertices);
  for (let vertex = 0; vertex < graph.vertices; vertex++) {
    const component = of[vertex]!;
    if (component === -1) continue;
    local[vertex] = next[component]! - size[component]!;
    members[next[component]!++] = vertex;
  }
  for (let component = 0; component < count; component++)
    yield part(graph, of, members.slice(size[component]!, size[component + 1]!), { local, mask });
}

function part(
  graph: Graph,
  of: Int32Array,
  origin: Int32Array,
  { local, mask }: { local: Int32Array; mask: number },
): Subgraph {
  const first = integers(origin.length + 1);
  const target: number[] = [];
  const type: number[] = [];
  let helpers = 0;
  for (const [at, vertex] of origin.entries()) {
    // Helpers have the highest numbers, in the part as in the whole.
    if (vertex < graph.helpers) helpers++;
    for (let edge = graph.first[vertex]!; edge < graph.first[vertex + 1]!; edge++) {
      const to = graph.target[edge]!;
      if (of[to] !== of[vertex] || (graph.type[edge]! & mask) === 0) continue;
      target.push(local[to]!);
      type.push(graph.type[edge]!);
    }
    first[at + 1] = target.length;
  }
  return {
    vertices: origin.length,
    helpers,
    first,
    target: Int32Array.from(target),
    type: Uint8Array.from(type),
    origin,
  };
}
