import { findComponents } from '../graph/components.js';
import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { PASS, PROCESS, REALTIME, RW, WR, WW } from '../graph/edge-type.js';
import type { Graph } from '../graph/graph.js';
import { createNonadjacentGraph } from '../graph/nonadjacent.js';
import { shortestSingleRw } from '../graph/single-rw.js';
import type { TransactionLog } from '../log/transaction-log.js';
import type { RegisterVersions } from './register-versions.js';

/** A kind of cycle that no order of versions may lead to. */
export type Rule = 'G-single' | 'G-nonadjacent' | 'G2-item';
/** The order of transactions that counts besides what they read and wrote. */
export type Sequence = 'plain' | 'process' | 'realtime';

/** Says if the versions can be ordered so that a rule is kept. */
export interface Decision {
  readonly outcome: 'possible' | 'impossible' | 'open';
  /** If it is impossible: the orders that follow, and one of a pair of which neither order is possible. */
  readonly edges?: EdgeList;
  readonly pair?: readonly [earlier: number, later: number];
}

/** The knowledge before an order is tried. */
export interface Known {
  readonly edges: EdgeList;
  /** Builds the dependencies under these orders of versions besides the sure ones. */
  readonly graphOf: (edges: EdgeList) => Graph;
}

// Work for all decisions about a history: graphs built, times their size.
const MOST_WORK = 3_000_000;
const MOST_PAIRS = 400;
const MASKS = { plain: 0, process: PROCESS, realtime: PROCESS | REALTIME } as const;

/**
 * Decides whether some order of the versions keeps a rule. First an order by time is tried, which is a proof if it
 * fits. Otherwise each pair of versions of which one order leads to a cycle gets the other, until nothing more follows
 * (as PolySI prunes, VLDB 2023); what is then left is tried both ways. The work is bounded: then it is `open`.
 */
export function createOrderDecider(
  log: TransactionLog,
  versions: RegisterVersions,
): (rule: Rule, sequence: Sequence, known: Known) => Decision {
  let work = 0;
  return (rule, sequence, { edges, graphOf }) => {
    for (const hint of ['completed', 'invoked'] as const)
      if (fits(chains(log, versions, hint))) return { outcome: 'possible' };
    const pairs = openPairs(versions, edges);
    if (pairs.length > MOST_PAIRS) return { outcome: 'open' };
    return settle(copy(edges), pairs);

    function fits(more: EdgeList): boolean {
      const graph = graphOf(more);
      work += graph.target.length + graph.vertices;
      return isKept(graph, rule, MASKS[sequence]);
    }

    function settle(sure: EdgeList, open: readonly (readonly [number, number])[]): Decision {
      let left = open;
      for (let before = -1; before !== left.length;) {
        before = left.length;
        const still: (readonly [number, number])[] = [];
        for (const [one, other] of left) {
          if (work > MOST_WORK) return { outcome: 'open' };
          const canBe = fits(withEdge(sure, one, other));
          if (canBe && fits(withEdge(sure, other, one))) still.push([one, other]);
          else if (canBe) sure.add(one, other, WW);
          else {
            if (!fits(withEdge(sure, other, one)))
              return { outcome: 'impossible', edges: withEdge(sure, one, other), pair: [one, other] };
            sure.add(other, one, WW);
          }
        }
        left = still;
      }
      const [pair, ...others] = left;
      if (pair === undefined) return { outcome: fits(sure) ? 'possible' : 'open' };
      const assumed = withEdge(sure, pair[0], pair[1]);
      const first = settle(copy(assumed), others);
      if (first.outcome !== 'impossible') return first;
      const second = settle(withEdge(sure, pair[1], pair[0]), others);
      return second.outcome === 'impossible' ? { outcome: 'impossible', edges: assumed, pair } : second;
    }
  };
}

function isKept(graph: Graph, rule: Rule, order: number): boolean {
  const reads = WW | WR | order | PASS;
  if (findComponents(graph, reads).count > 0) return false;
  if (rule === 'G-single') return shortestSingleRw(graph, reads) === undefined;
  const all = WW | WR | RW | order | PASS;
  return findComponents(rule === 'G2-item' ? graph : createNonadjacentGraph(graph), all).count === 0;
}

/** True if the versions of each key are one chain: then nothing is left to decide. */
export function hasCompleteOrder({ keys }: TransactionLog, { order, writer, count, key }: RegisterVersions): boolean {
  const { first, target } = order.graph;
  const incoming = new Uint8Array(count);
  const heads = new Uint8Array(keys.length);
  for (let version = 0; version < count; version++) {
    if (first[version + 1]! - first[version]! > 1) return false;
    for (let edge = first[version]!; edge < first[version + 1]!; edge++)
      if (incoming[target[edge]!]!++ > 0) return false;
  }
  for (let version = 0; version < count; version++)
    if (writer[version] !== -1 && incoming[version] === 0 && heads[key[version]!]!++ > 0) return false;
  return true;
}

function written({ writer, count }: RegisterVersions): number[] {
  return Array.from({ length: count }, (_, version) => version).filter((version) => writer[version] !== -1);
}

// Of each key all versions in the order of their writers' times.
function chains(log: TransactionLog, versions: RegisterVersions, by: 'completed' | 'invoked'): EdgeList {
  const edges = createEdgeList(versions.count);
  const last = new Map<number, number>();
  const at = (version: number): number => {
    const { completed, invoked } = log.operations[versions.writer[version]!]!;
    return by === 'completed' && completed !== Infinity ? completed : invoked;
  };
  const step = (version: number): number => versions.step[version]!;
  for (const version of written(versions).sort((a, b) => at(a) - at(b) || step(a) - step(b))) {
    const before = last.get(versions.key[version]!);
    if (before !== undefined) edges.add(before, version, WW);
    last.set(versions.key[version]!, version);
  }
  return edges;
}

function openPairs(versions: RegisterVersions, edges: EdgeList): [number, number][] {
  const { order, key, writer } = versions;
  const after = new Map<number, number[]>();
  const { from, to } = edges.columns();
  for (let edge = 0; edge < from.length; edge++) after.set(from[edge]!, [...(after.get(from[edge]!) ?? []), to[edge]!]);
  const reach = (start: number): Set<number> => {
    const seen = new Set([start]);
    for (const version of seen) {
      for (let edge = order.graph.first[version]!; edge < order.graph.first[version + 1]!; edge++)
        seen.add(order.graph.target[edge]!);
      for (const next of after.get(version) ?? []) seen.add(next);
    }
    return seen;
  };
  const byKey = new Map<number, number[]>();
  for (const version of written(versions)) byKey.set(key[version]!, [...(byKey.get(key[version]!) ?? []), version]);
  const pairs: [number, number][] = [];
  for (const list of byKey.values()) {
    if (list.length > 2 * MOST_PAIRS) return Array.from({ length: MOST_PAIRS + 1 }, () => [0, 0]);
    const reached = new Map(list.map((version) => [version, reach(version)]));
    for (const [at, one] of list.entries())
      for (const other of list.slice(at + 1))
        if (writer[one] !== writer[other] && !reached.get(one)!.has(other) && !reached.get(other)!.has(one))
          pairs.push([one, other]);
  }
  return pairs;
}

function copy(edges: EdgeList): EdgeList {
  const { from, to } = edges.columns();
  const all = createEdgeList(from.length + 8);
  for (let edge = 0; edge < from.length; edge++) all.add(from[edge]!, to[edge]!, WW);
  return all;
}

function withEdge(edges: EdgeList, earlier: number, later: number): EdgeList {
  const all = copy(edges);
  all.add(earlier, later, WW);
  return all;
}
