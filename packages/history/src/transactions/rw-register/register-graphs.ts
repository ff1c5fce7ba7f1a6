import type { Known, Sequence } from './decide-orders.js';
import { bytes } from '../log/columns.js';
import type { OrderGraphs } from '../find-cycles.js';
import { addFan } from '../graph/add-fan.js';
import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { WR, WW } from '../graph/edge-type.js';
import { createGraph } from '../graph/graph.js';
import type { Graph } from '../graph/graph.js';
import { addProcessEdges, addRealtimeEdges } from '../graph/order-edges.js';
import type { IsolationLevel } from '../isolation-level.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL } from '../log/versions.js';
import { addProcessVersions, addRealtimeVersions, createVersionEdges } from './order-versions.js';
import type { VersionEdges } from './order-versions.js';
import type { RegisterVersions } from './register-versions.js';

/** The graphs, and what all of them know of the order of versions. */
export interface RegisterGraphs
  extends OrderGraphs, Pick<RegisterVersions, 'distance'>, Required<Pick<RegisterVersions, 'witnesses'>> {
  /** Of each version whether a store of that level can have installed it only after some other. */
  hasEarlier(level: IsolationLevel): Uint8Array;
  /** The orders of versions that are sure without read skew, besides those of {@link RegisterVersions}. */
  known(sequence: Sequence): Known;
}

/**
 * The dependencies between transactions on registers. Versions that only a process or real time orders count only in
 * the graph of that order: a store without it may have installed them the other way round. Those that reads one after
 * the other order count only where later snapshots have all that earlier ones had (Elle's "linearizable keys").
 */
export function createRegisterGraphs(log: TransactionLog, versions: RegisterVersions): RegisterGraphs {
  const plain = graphOf(log, versions, createEdgeList());
  const graphWith = (
    known: VersionEdges | undefined,
    graph: Graph,
    infer: (edges: VersionEdges) => void,
  ): { edges: VersionEdges; graph: Graph } => {
    const edges = createVersionEdges(versions, known);
    infer(edges);
    return {
      edges,
      graph: edges.edges.size === (known?.edges.size ?? 0) ? graph : graphOf(log, versions, edges.edges),
    };
  };
  const process = graphWith(undefined, plain, (edges) => addProcessVersions(log, versions, edges, 'writes'));
  const realtime = graphWith(process.edges, process.graph, (edges) =>
    addRealtimeVersions(log, versions, edges, 'writes'),
  );
  const processViews = graphWith(process.edges, process.graph, (edges) =>
    addProcessVersions(log, versions, edges, 'views'),
  );
  const realtimeViews = graphWith(realtime.edges, realtime.graph, (edges) => {
    addProcessVersions(log, versions, edges, 'views');
    addRealtimeVersions(log, versions, edges, 'views');
  });
  const { from, to } = realtimeViews.edges.edges.columns();
  const by = realtimeViews.edges.witnesses.columns();
  const distance = (earlier: number, later: number): number => {
    const known = versions.distance(earlier, later);
    return known === Infinity && edgeOf(earlier, later) !== -1 ? 1 : known;
  };
  const edgeOf = (earlier: number, later: number): number =>
    from.findIndex((version, edge) => version === earlier && to[edge] === later);
  const hasEarlier = (level: IsolationLevel): Uint8Array => {
    const known = versions.order.hasEarlier.slice();
    if (!/^(strong|strict)-/.test(level)) return known;
    const [writes, views] = level.startsWith('strong-session-') ? [process, processViews] : [realtime, realtimeViews];
    for (const version of (level.includes('-read-') ? writes : views).edges.edges.columns().to) known[version] = 1;
    return known;
  };
  const witnesses = (earlier: number, later: number): readonly [number, number] | undefined => {
    const edge = edgeOf(earlier, later);
    return edge === -1 ? undefined : [by.from[edge]!, by.to[edge]!];
  };
  return {
    plain,
    process: process.graph,
    processViews: processViews.graph,
    realtime: realtime.graph,
    realtimeViews: realtimeViews.graph,
    distance,
    witnesses,
    hasEarlier,
    known: (sequence) => ({
      edges: sureOrders(sequence, { processViews, realtimeViews }),
      graphOf: (edges) => graphOf(log, versions, edges),
    }),
  };
}

type WithEdges = Readonly<Record<'processViews' | 'realtimeViews', { readonly edges: VersionEdges }>>;

// All rules forbid read skew, and without it a later snapshot has all that an earlier one had.
function sureOrders(sequence: Sequence, graphs: WithEdges): EdgeList {
  return sequence === 'plain' ? createEdgeList(0) : graphs[`${sequence}Views`].edges.edges;
}

function graphOf(log: TransactionLog, versions: RegisterVersions, inferred: EdgeList): Graph {
  const helpers = log.operations.length;
  const edges = createEdgeList(log.stepKey.length * 2 + helpers * 3);
  addProcessEdges(log, edges);
  const vertices = addDependencies(log, versions, {
    inferred,
    edges,
    freeVertex: addRealtimeEdges(log, edges, helpers),
  });
  return createGraph(vertices, helpers, edges);
}

function addDependencies(
  log: TransactionLog,
  { ofStep, order, writer, count, key }: RegisterVersions,
  target: { inferred: EdgeList; edges: EdgeList; freeVertex: number },
): number {
  const { outcome, stepWrites, stepKey, stepOwner } = log;
  const { edges } = target;
  // The initial version of key k is vertex `count + k`: it is before every version that has no other before it.
  const successors: (number[] | undefined)[] = Array.from({ length: count + log.keys.length });
  const readers: (number[] | undefined)[] = Array.from({ length: count + log.keys.length });
  const hasPrevious = bytes(count);
  const { from, to } = target.inferred.columns();
  for (let version = 0; version < count; version++) {
    for (let edge = order.graph.first[version]!; edge < order.graph.first[version + 1]!; edge++)
      connect(version, order.graph.target[edge]!);
  }
  for (let edge = 0; edge < from.length; edge++) connect(from[edge]!, to[edge]!);
  for (let version = 0; version < count; version++)
    if (hasPrevious[version] === 0) push(successors, count + key[version]!, writer[version]!);

  for (let at = 0; at < stepKey.length; at++) {
    if (stepWrites[at] === 1 || outcome[stepOwner[at]!] !== OK) continue;
    const version = ofStep[at]!;
    push(readers, version === INITIAL ? count + stepKey[at]! : version, stepOwner[at]!);
    if (version >= 0 && writer[version] !== -1 && writer[version] !== stepOwner[at])
      edges.add(writer[version]!, stepOwner[at]!, WR);
  }
  let vertex = target.freeVertex;
  for (let version = 0; version < successors.length; version++) {
    const [before, after] = [readers[version], successors[version]];
    if (before && after) vertex = addFan(before, [...new Set(after)], edges, vertex);
  }
  return vertex;

  function connect(earlier: number, later: number): void {
    const [one, other] = [writer[earlier]!, writer[later]!];
    hasPrevious[later] = 1;
    push(successors, earlier, other);
    if (one !== -1 && other !== -1 && one !== other) edges.add(one, other, WW);
  }
}

function push(lists: (number[] | undefined)[], at: number, transaction: number): void {
  if (transaction === -1) return;
  const list = lists[at];
  if (list === undefined) lists[at] = [transaction];
  else list.push(transaction);
}
