import type { Operation } from '../../operation.js';
import { REALTIME } from '../graph/edge-type.js';
import type { OnlineGraph } from './online-graph.js';

/** Ties operations to what had completed before they began. */
export interface RealtimeClock {
  /** Adds the edges of an operation, in the order of completions. */
  tie(operation: Operation, vertex: number): void;
}

/** A clock without a tick. Its ticks are a chain of vertices, one for each completion, as in `addRealtimeEdges()`. */
export function createRealtimeClock(graph: OnlineGraph): RealtimeClock {
  const ticks: { completed: number; vertex: number }[] = [];
  return {
    tie({ type, invoked, completed }, vertex) {
      let [low, high] = [0, ticks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ticks[middle]!.completed < invoked) low = middle + 1;
        else high = middle;
      }
      if (low > 0) graph.addEdge(ticks[low - 1]!.vertex, vertex, REALTIME);
      if (type !== 'ok') return;
      const tick = graph.addVertex();
      if (ticks.length > 0) graph.addEdge(ticks.at(-1)!.vertex, tick, REALTIME);
      graph.addEdge(vertex, tick, REALTIME);
      ticks.push({ completed, vertex: tick });
    },
  };
}
