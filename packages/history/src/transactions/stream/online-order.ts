/** Keeps an acyclic graph in topological order while edges come. */
export interface OnlineOrder {
  /** A new vertex, after all others. */
  addVertex(): number;
  /** Adds an edge, unless it would close a cycle: then the graph stays as it is, and the answer is false. */
  addEdge(from: number, to: number): boolean;
}

/**
 * Pearce and Kelly's dynamic topological order (2006): an edge against the order moves only what lies between its ends.
 * Edges of a history lead almost always to what came later, so that nearly all of them cost nothing.
 */
export function createOnlineOrder(): OnlineOrder {
  const out: number[][] = [];
  const incoming: number[][] = [];
  const place: number[] = [];
  return {
    addVertex() {
      out.push([]);
      incoming.push([]);
      return place.push(place.length) - 1;
    },
    addEdge(from, to) {
      if (from === to) return false;
      if (place[from]! > place[to]!) {
        const ahead = reach(out, to, (vertex) => place[vertex]! <= place[from]!);
        if (ahead.has(from)) return false;
        reorder(
          reach(incoming, from, (vertex) => place[vertex]! >= place[to]!),
          ahead,
        );
      }
      out[from]!.push(to);
      incoming[to]!.push(from);
      return true;
    },
  };

  function reach(edges: readonly number[][], start: number, isNear: (vertex: number) => boolean): Set<number> {
    const seen = new Set([start]);
    for (const vertex of seen) for (const next of edges[vertex]!) if (isNear(next)) seen.add(next);
    return seen;
  }

  // What leads to the edge takes the lower of both parts' places, what it leads to the higher; each part keeps its own
  // order.
  function reorder(behind: ReadonlySet<number>, ahead: ReadonlySet<number>): void {
    const byPlace = (a: number, b: number): number => place[a]! - place[b]!;
    const vertices = [...[...behind].sort(byPlace), ...[...ahead].sort(byPlace)];
    const places = vertices.map((vertex) => place[vertex]!).sort((a, b) => a - b);
    for (const [at, vertex] of vertices.entries()) place[vertex] = places[at]!;
  }
}
