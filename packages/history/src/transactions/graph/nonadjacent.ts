import { createEdgeList } from './edge-list.js';
import { PASS, RW } from './edge-type.js';
import { createGraph } from './graph.js';
import type { Graph } from './graph.js';

/**
 * The graph whose cycles are those of `graph` without two rw edges in a row, of which snapshot isolation has none
 * (Fekete et al. 2005; Cerone & Gotsman 2018): vertex v becomes 2v, reached otherwise, and 2v + 1, reached by rw.
 */
export function createNonadjacentGraph(graph: Graph): Graph {
  const edges = createEdgeList(graph.target.length * 2);
  for (let vertex = 0; vertex < graph.vertices; vertex++) {
    for (let edge = graph.first[vertex]!; edge < graph.first[vertex + 1]!; edge++) {
      const type = graph.type[edge]!;
      const to = graph.target[edge]! * 2;
      if (type === RW) {
        edges.add(vertex * 2, to + 1, type);
        continue;
      }
      edges.add(vertex * 2, to, type);
      edges.add(vertex * 2 + 1, type === PASS ? to + 1 : to, type);
    }
  }
  return createGraph(graph.vertices * 2, graph.helpers * 2, edges);
}
