import { CYCLE_TYPES } from './anomaly-type.js';
import type { TransactionAnomaly } from './anomaly-type.js';
import { findComponents } from './graph/components.js';
import type { Components } from './graph/components.js';
import { PASS, PROCESS, REALTIME, RW, WR, WW } from './graph/edge-type.js';
import type { Graph } from './graph/graph.js';
import { createNonadjacentGraph } from './graph/nonadjacent.js';
import { shortestCycle } from './graph/shortest-cycle.js';
import type { Cycle } from './graph/shortest-cycle.js';
import { shortestSingleRw } from './graph/single-rw.js';
import { subgraphs } from './graph/subgraph.js';
import type { Subgraph } from './graph/subgraph.js';

/** A cycle of transactions and what it is called. */
export interface FoundCycle extends Cycle {
  readonly type: TransactionAnomaly;
}

/** The dependencies under each order. They are one graph where no version's place is inferred from the order itself. */
export interface OrderGraphs {
  readonly plain: Graph;
  readonly process: Graph;
  readonly realtime: Graph;
  /** With what follows from reads one after the other too: only for levels that allow no read skew. */
  readonly processViews: Graph;
  readonly realtimeViews: Graph;
}

const [G0, G1C, G_SINGLE, G_NONADJACENT, G2] = [0, 1, 2, 3, 4];

/**
 * The worst cycle of every strongly connected component, the shortest of its kind, at most `limit` of a kind. First
 * whether there is one (linear, no time limit, decides the verdict), then which. What a worse cycle already rules out
 * is not looked for.
 */
export function findCycles(
  { plain, process, processViews, realtime, realtimeViews }: OrderGraphs,
  limit: number,
): FoundCycle[] {
  const found: FoundCycle[] = [];
  const variants = [
    { suffix: '', order: 0, graph: plain, least: G0 },
    { suffix: '-process', order: PROCESS, graph: process, least: G0 },
    ...(processViews === process
      ? []
      : ([{ suffix: '-process', order: PROCESS, graph: processViews, least: G_SINGLE }] as const)),
    { suffix: '-realtime', order: PROCESS | REALTIME, graph: realtime, least: G0 },
    ...(realtimeViews === realtime
      ? []
      : ([{ suffix: '-realtime', order: PROCESS | REALTIME, graph: realtimeViews, least: G_SINGLE }] as const)),
  ] as const;
  const cores = new Map<Graph, readonly Subgraph[]>();
  let ruledOut = CYCLE_TYPES.length;
  for (const { suffix, order, graph, least } of variants) {
    if (!cores.has(graph)) cores.set(graph, coresOf(graph));
    let worst = ruledOut;
    const reported = CYCLE_TYPES.map(() => 0);
    for (const core of cores.get(graph)!) {
      const mask = WW | WR | RW | order | PASS;
      for (const part of subgraphs(core, findComponents(core, mask), mask)) {
        const rank = worstRank(part, order, ruledOut);
        const atLeast = Math.max(rank, least!);
        if (atLeast >= ruledOut || reported[atLeast]! >= limit) continue;
        const cycle = cycleOf(part, order, rank, ruledOut);
        if (cycle === undefined) continue;
        // What takes read skew to be impossible shows no more than that it was possible.
        const shown = Math.max(cycle.rank, least!);
        reported[shown]!++;
        worst = Math.min(worst, shown);
        found.push({
          ...cycle,
          vertices: cycle.vertices.map((vertex) => core.origin[part.origin[vertex]!]!),
          type: `${CYCLE_TYPES[shown]!}${suffix}`,
        });
      }
    }
    ruledOut = worst;
  }
  return found;
}

// One pass over everything; all else happens inside of what it finds.
function coresOf(graph: Graph): Subgraph[] {
  const everything = WW | WR | RW | PROCESS | REALTIME | PASS;
  return [...subgraphs(graph, findComponents(graph, everything), everything)];
}

// Verdicts: acyclic or not. G-single and G-nonadjacent are told apart when the cycle is sought.
function worstRank(graph: Subgraph, order: number, ruledOut: number): number {
  if (findComponents(graph, WW | order | PASS).count > 0) return G0!;
  if (ruledOut > G1C! && findComponents(graph, WW | WR | order | PASS).count > 0) return G1C!;
  if (ruledOut > G_SINGLE!) {
    const nonadjacent = createNonadjacentGraph(graph);
    if (findComponents(nonadjacent, WW | WR | RW | order | PASS).count > 0) return G_SINGLE!;
  }
  return G2!;
}

function cycleOf(
  graph: Subgraph,
  order: number,
  rank: number,
  ruledOut: number,
): (Cycle & { rank: number }) | undefined {
  const reads = WW | WR | order | PASS;
  if (rank === G0) return named(shortest(graph, WW | order | PASS), G0);
  if (rank === G1C) return named(shortest(graph, reads), G1C);
  if (rank === G2) return named(shortest(graph, reads | RW), G2!);
  const single = named(shortestSingleRw(graph, reads), G_SINGLE!);
  if (single || ruledOut <= G_NONADJACENT!) return single;
  const cycle = shortest(createNonadjacentGraph(graph), reads | RW);
  return named(cycle && { ...cycle, vertices: cycle.vertices.map((vertex) => vertex >> 1) }, G_NONADJACENT!);
}

// Transactions are numbered by their invocation, so every cycle has an edge that leads back and one that leads on: it
// is enough to start at either kind.
function shortest(graph: Graph, mask: number): Cycle | undefined {
  const components = findComponents(graph, mask);
  const [back, on] = [
    startsOf(graph, components, { mask, isBack: true }),
    startsOf(graph, components, { mask, isBack: false }),
  ];
  return shortestCycle(graph, { starts: back.length < on.length ? back : on, firstMask: mask, mask, components });
}

// Where an edge leads through a helper may be either way, but real time never leads back.
function startsOf(
  { helpers, first, target, type }: Graph,
  { of }: Components,
  { mask, isBack }: { mask: number; isBack: boolean },
): number[] {
  const starts: number[] = [];
  for (let vertex = 0; vertex < helpers; vertex++) {
    let isStart = false;
    for (let edge = first[vertex]!; edge < first[vertex + 1]! && !isStart; edge++) {
      const to = target[edge]!;
      if ((type[edge]! & mask) === 0 || of[to] === -1 || of[to] !== of[vertex]) continue;
      isStart = to >= helpers ? !isBack || type[edge] !== REALTIME : to < vertex === isBack;
    }
    if (isStart) starts.push(vertex);
  }
  return starts;
}

function named(cycle: Cycle | undefined, rank: number): (Cycle & { rank: number }) | undefined {
  return cycle && { ...cycle, rank };
}
