import { PROCESS, REALTIME, RW, WR, WW } from '../graph/edge-type.js';
import { impliedLevels } from '../isolation-level.js';
import type { IsolationLevel } from '../isolation-level.js';
import { createOnlineOrder } from './online-order.js';

/** The graph of a level, as far as it is known: says at once when an edge closes a cycle that the level forbids. */
export interface OnlineGraph {
  addVertex(): number;
  /** False where the edge closes a forbidden cycle. Types that the level does not look at are ignored. */
  addEdge(from: number, to: number, type: number): boolean;
  readonly hasProcesses: boolean;
  readonly hasRealtime: boolean;
}

/**
 * An empty graph for a level. Snapshot isolation forbids only cycles without two rw in a row: there each vertex is two,
 * reached by rw and reached otherwise.
 */
export function createOnlineGraph(level: IsolationLevel): OnlineGraph {
  const implied = impliedLevels(level);
  const isSnapshot = implied.has('snapshot-isolation') && !implied.has('repeatable-read');
  const hasRealtime = implied.has('strong-read-uncommitted');
  const hasProcesses = implied.has('strong-session-read-uncommitted');
  const mask =
    WW |
    (implied.has('read-committed') ? WR : 0) |
    (isSnapshot || implied.has('repeatable-read') ? RW : 0) |
    (hasProcesses ? PROCESS : 0) |
    (hasRealtime ? REALTIME : 0);
  const order = createOnlineOrder();
  return {
    hasProcesses,
    hasRealtime,
    addVertex() {
      const vertex = order.addVertex();
      if (isSnapshot) order.addVertex();
      return vertex;
    },
    addEdge(from, to, type) {
      if ((type & mask) === 0 || from === to) return true;
      if (!isSnapshot) return order.addEdge(from, to);
      // The second of the two vertices is the one reached by rw.
      return type === RW
        ? order.addEdge(from, to + 1)
        : [order.addEdge(from, to), order.addEdge(from + 1, to)].every(Boolean);
    },
  };
}
