import { bytes, integers } from '../log/columns.js';
import { findComponents } from '../graph/components.js';
import { createEdgeList } from '../graph/edge-list.js';
import { WW } from '../graph/edge-type.js';
import { createGraph } from '../graph/graph.js';
import type { Graph } from '../graph/graph.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL } from '../log/versions.js';

/** The order of versions as far as it is known, whatever the level: a graph whose vertices are versions. */
export interface VersionOrder {
  readonly graph: Graph;
  /** 1 where it is known which version, or the initial one, comes before. */
  readonly hasEarlier: Uint8Array;
  /** Versions that come before themselves, a list for each knot; they are left out of the graph. */
  readonly cycles: readonly (readonly number[])[];
  distance(earlier: number, later: number): number;
  /** A version that is known to come right before one; -1 where none is. */
  readonly previous: Int32Array;
}

interface Written {
  readonly ofStep: Int32Array;
  readonly happened: Uint8Array;
  readonly count: number;
}

/**
 * Orders versions by what is sure: a transaction's writes to a key follow each other, and follow what it read there
 * first. Where every write has such a read, that is the complete order (MTC, arXiv 2504.02344, on mini-transactions).
 */
export function createVersionOrder(
  { firstStep, stepKey, stepWrites, keys }: TransactionLog,
  { ofStep, happened, count }: Written,
): VersionOrder {
  const edges = createEdgeList(count);
  const hasEarlier = bytes(count);
  const last = integers(keys.length);
  const seenBy = integers(keys.length).fill(-1);
  for (let transaction = 0; transaction < happened.length; transaction++) {
    if (happened[transaction] === 0) continue;
    for (let at = firstStep[transaction]!; at < firstStep[transaction + 1]!; at++) {
      const key = stepKey[at]!;
      const version = ofStep[at]!;
      if (version < INITIAL) continue;
      const before = seenBy[key] === transaction ? last[key]! : undefined;
      // A read after one's own write orders nothing: it is that write, or an internal anomaly.
      if (stepWrites[at] === 0 && before !== undefined && before >= 0 && version !== before) continue;
      if (stepWrites[at] === 1 && before !== undefined) {
        hasEarlier[version] = 1;
        if (before !== INITIAL && before !== version) edges.add(before, version, WW);
      }
      last[key] = version;
      seenBy[key] = transaction;
    }
  }
  const whole = createGraph(count, count, edges);
  const { of, count: knots } = findComponents(whole, WW);
  const graph = knots === 0 ? whole : without(whole, of);
  const cycles: number[][] = Array.from({ length: knots }, () => []);
  for (let version = 0; version < count; version++) if (of[version] !== -1) cycles[of[version]!]!.push(version);
  const previous = integers(count).fill(-1);
  for (let version = 0; version < count; version++)
    for (let edge = graph.first[version]!; edge < graph.first[version + 1]!; edge++)
      previous[graph.target[edge]!] = version;
  return { graph, hasEarlier, cycles, distance: createDistance(graph), previous };
}

function without({ vertices, helpers, first, target }: Graph, of: Int32Array): Graph {
  const edges = createEdgeList(target.length);
  for (let version = 0; version < vertices; version++) {
    for (let edge = first[version]!; edge < first[version + 1]!; edge++)
      if (of[version] === -1 || of[version] !== of[target[edge]!]) edges.add(version, target[edge]!, WW);
  }
  return createGraph(vertices, helpers, edges);
}

// Along a chain, where each version has one successor and that has no other predecessor, places tell; elsewhere only
// edges do.
function createDistance({ vertices, first, target }: Graph): (earlier: number, later: number) => number {
  const incoming = integers(vertices);
  const previous = integers(vertices);
  for (let version = 0; version < vertices; version++) {
    for (let edge = first[version]!; edge < first[version + 1]!; edge++) {
      incoming[target[edge]!]!++;
      previous[target[edge]!] = version;
    }
  }
  const next = (version: number): number => {
    const at = first[version]!;
    return first[version + 1] === at + 1 && incoming[target[at]!] === 1 ? target[at]! : -1;
  };
  const chain = integers(vertices).fill(-1);
  const place = integers(vertices);
  for (let version = 0; version < vertices; version++) {
    for (let head = isHead(version) ? version : -1, at = 0; head !== -1; head = next(head), at++) {
      chain[head] = version;
      place[head] = at;
    }
  }
  return (earlier, later) => {
    if (earlier === INITIAL) return place[later]! + 1;
    if (chain[earlier] === chain[later])
      return place[later]! > place[earlier]! ? place[later]! - place[earlier]! : Infinity;
    return target.subarray(first[earlier], first[earlier + 1]).includes(later) ? 1 : Infinity;
  };

  function isHead(version: number): boolean {
    return incoming[version] !== 1 || version !== next(previous[version]!);
  }
}
