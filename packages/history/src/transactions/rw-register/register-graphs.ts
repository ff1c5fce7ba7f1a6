import { bytes } from '../columns.js';
import type { OrderGraphs } from '../find-cycles.js';
import { addFan } from '../graph/add-fan.js';
import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { WR, WW } from '../graph/edge-type.js';
import { createGraph } from '../graph/graph.js';
import type { Graph } from '../graph/graph.js';
import { addProcessEdges, addRealtimeEdges } from '../graph/order-edges.js';
import { OK } from '../transaction-log.js';
import type { TransactionLog } from '../transaction-log.js';
import { INITIAL } from '../versions.js';
import { addProcessVersions, addRealtimeVersions } from './order-versions.js';
import type { RegisterVersions } from './register-versions.js';

/** The graphs, and what all of them know of the order of versions. */
export interface RegisterGraphs extends OrderGraphs, Pick<RegisterVersions, 'distance'> {}

/**
 * The dependencies between transactions on registers. Versions that only a process or real time orders count only in the
 * graph of that order: a store without it may have installed them the other way round.
 */
export function createRegisterGraphs(log: TransactionLog, versions: RegisterVersions): RegisterGraphs {
  const inferred = createEdgeList();
  const plain = graphOf(log, versions, inferred);
  addProcessVersions(log, versions, inferred);
  const ofProcess = inferred.size;
  const process = ofProcess === 0 ? plain : graphOf(log, versions, inferred);
  addRealtimeVersions(log, versions, inferred);
  const realtime = inferred.size === ofProcess ? process : graphOf(log, versions, inferred);
  const { from, to } = inferred.columns();
  const distance = (earlier: number, later: number): number => {
    const known = versions.distance(earlier, later);
    return known === Infinity && from.some((version, edge) => version === earlier && to[edge] === later) ? 1 : known;
  };
  return { plain, process, realtime, distance };
}

function graphOf(log: TransactionLog, versions: RegisterVersions, inferred: EdgeList): Graph {
  const helpers = log.operations.length;
  const edges = createEdgeList(log.stepKey.length * 2 + helpers * 3);
  addProcessEdges(log, edges);
  const vertices = addDependencies(log, versions, { inferred, edges, freeVertex: addRealtimeEdges(log, edges, helpers) });
  return createGraph(vertices, helpers, edges);
}

function addDependencies(log: TransactionLog, { ofStep, order, writer, count, key }: RegisterVersions, target: { inferred: EdgeList; edges: EdgeList; freeVertex: number }): number {
  const { outcome, stepWrites, stepKey, stepOwner } = log;
  const { edges } = target;
  // The initial version of key k is vertex `count + k`: it is before every version that has no other before it.
  const successors: (number[] | undefined)[] = Array.from({ length: count + log.keys.length });
  const readers: (number[] | undefined)[] = Array.from({ length: count + log.keys.length });
  const hasPrevious = bytes(count);
  const { from, to } = target.inferred.columns();
  for (let version = 0; version < count; version++) {
    for (let edge = order.graph.first[version]!; edge < order.graph.first[version + 1]!; edge++) connect(version, order.graph.target[edge]!);
  }
  for (let edge = 0; edge < from.length; edge++) connect(from[edge]!, to[edge]!);
  for (let version = 0; version < count; version++) if (hasPrevious[version] === 0) push(successors, count + key[version]!, writer[version]!);

  for (let at = 0; at < stepKey.length; at++) {
    if (stepWrites[at] === 1 || outcome[stepOwner[at]!] !== OK) continue;
    const version = ofStep[at]!;
    push(readers, version === INITIAL ? count + stepKey[at]! : version, stepOwner[at]!);
    if (version >= 0 && writer[version] !== -1 && writer[version] !== stepOwner[at]) edges.add(writer[version]!, stepOwner[at]!, WR);
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
