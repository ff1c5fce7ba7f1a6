import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CYCLE_TYPES } from './anomaly-type.js';
import { findCycles } from './find-cycles.js';
import { addFan } from './graph/add-fan.js';
import { createEdgeList } from './graph/edge-list.js';
import { RW, WR, WW } from './graph/edge-type.js';
import { createGraph } from './graph/graph.js';
import type { Graph } from './graph/graph.js';

type Edge = readonly [from: number, to: number, type: number];

const VERTICES = 7;
const edge: fc.Arbitrary<Edge> = fc
  .tuple(fc.nat(VERTICES - 1), fc.nat(VERTICES - 1), fc.constantFrom(WW, WR, RW))
  .filter(([from, to]) => from !== to);
const fan = fc.tuple(
  fc.uniqueArray(fc.nat(VERTICES - 1), { minLength: 1, maxLength: 3 }),
  fc.uniqueArray(fc.nat(VERTICES - 1), { minLength: 1, maxLength: 3 }),
);

// The rarest kind: one run in a hundred had none among its 1,500 graphs.
const NONADJACENT: [Edge[], [number[], number[]][]] = [
  [
    [0, 1, RW],
    [1, 2, WW],
    [2, 3, RW],
    [3, 0, WR],
  ],
  [],
];

function graphOf(edges: readonly Edge[], fans: readonly [number[], number[]][]): Graph {
  const list = createEdgeList(1);
  for (const [from, to, type] of edges) list.add(from, to, type);
  let vertex = VERTICES;
  for (const [readers, writers] of fans) vertex = addFan(readers, writers, list, vertex);
  return createGraph(vertex, VERTICES, list);
}

/** Where a walk is, whether it has passed an rw edge, and whether the last edge was one. */
interface Walk {
  readonly at: number;
  readonly passed: boolean;
  readonly last: boolean;
}

/**
 * The length of the shortest closed walk of a kind: a search over vertices with what has been passed, from every edge.
 */
function shortestWalk(edges: readonly Edge[], rank: number): number {
  const allowed = rank === 0 ? WW : rank === 1 ? WW | WR : WW | WR | RW;
  const usable = edges.filter(([, , type]) => (type & allowed) !== 0);
  return Math.min(...usable.map((first) => walkFrom(first, usable, rank)));
}

function walkFrom([start, second, firstType]: Edge, edges: readonly Edge[], rank: number): number {
  const startsRw = firstType === RW;
  const seen = new Set<string>();
  let walks: Walk[] = [{ at: second, passed: startsRw, last: startsRw }];
  for (let length = 1; walks.length > 0; length++) {
    const isClosed = ({ at, passed, last }: Walk): boolean =>
      at === start && !(rank === 3 && last && startsRw) && !(rank === 2 && !passed);
    if (walks.some(isClosed)) return length;
    walks = walks
      .flatMap((walk) =>
        edges
          .filter(
            ([from, , type]) =>
              from === walk.at && !(type === RW && ((rank === 2 && walk.passed) || (rank === 3 && walk.last))),
          )
          .map(([, to, type]) => ({ at: to, passed: walk.passed || type === RW, last: type === RW })),
      )
      .filter((walk) => !seen.has(JSON.stringify(walk)) && seen.add(JSON.stringify(walk)));
  }
  return Infinity;
}

it('the worst kind of cycle there is is found, and no shorter one of it exists', () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 14 }), fc.array(fan, { maxLength: 2 }), (edges, fans) => {
      const graph = graphOf(edges, fans);
      const found = findCycles(
        { plain: graph, process: graph, processViews: graph, realtime: graph, realtimeViews: graph },
        100,
      );
      const all: Edge[] = [
        ...edges,
        ...fans.flatMap(([readers, writers]) =>
          readers.flatMap((reader) =>
            writers.filter((writer) => writer !== reader).map((writer): Edge => [reader, writer, RW]),
          ),
        ),
      ];
      const lengths = CYCLE_TYPES.map((_, rank) => shortestWalk(all, rank));
      const worst = lengths.findIndex((length) => length < Infinity);
      const named = found.filter(({ type }) => type === CYCLE_TYPES[worst]);
      kinds.set(CYCLE_TYPES[worst] ?? 'none', (kinds.get(CYCLE_TYPES[worst] ?? 'none') ?? 0) + 1);
      if (worst === -1) expect(found).toEqual([]);
      else expect(Math.min(...named.map(({ vertices }) => vertices.length))).toBe(lengths[worst]);
      for (const { vertices, types } of found) {
        // Every step of what is told is an edge.
        for (const [at, vertex] of vertices.entries())
          expect(all).toContainEqual([vertex, vertices[(at + 1) % vertices.length], types[at]]);
      }
    }),
    { numRuns: 1500, examples: [NONADJACENT] },
  );
  expect([...kinds.keys()].toSorted()).toEqual(['G-nonadjacent', 'G-single', 'G0', 'G1c', 'G2-item', 'none']);
}, 120_000);
