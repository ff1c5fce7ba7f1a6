import { explainZones } from './explain-zones.js';
import type { Finding, QuickJudgement } from './finding.js';
import { findUnwritten } from './find-unwritten.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import { judgeZones, type ZoneConflict } from './judge-zones.js';
import { unwrap, type Part } from './split-by-key.js';
import { createClusters, type Clusters } from './zones.js';

/**
 * A register whose writes are all different, by zones; where they are not, or where there is a `cas`, only what is
 * wrong without a search: else `undefined`.
 */
export function judgeRegister(part: Part, initial: unknown, hasCas: boolean): QuickJudgement | undefined {
  const clusters = collect(part, initial, hasCas);
  if (clusters === undefined) {
    const finding = findUnwritten(
      part.operations.map((operation) => unwrap(part, operation)),
      initial,
    );
    return finding && { observations: 1, finding };
  }
  const observations = clusters.reads;
  if (judgeZones(clusters) === undefined) return { observations };
  return { observations, finding: explainFirst(part, initial, { hasCas, whole: clusters }) };
}

// A wrong prefix stays wrong, so halving finds the first answer that no order explains.
function explainFirst(part: Part, initial: unknown, { hasCas, whole }: { hasCas: boolean; whole: Clusters }): Finding {
  const ends = part.operations.filter(({ type }) => type === 'ok').map(({ completed }) => completed);
  ends.sort((a, b) => a - b);
  const originals = new Map<Operation, Operation>();
  const original = (operation: Operation): Operation => originals.get(operation) ?? operation;
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (conflictUntil(ends[middle]!) === undefined) low = middle + 1;
    else high = middle;
  }
  const { conflict, clusters } = conflictUntil(ends[low]!)!;
  const finding = explainZones(conflict, clusters, {
    unwrap: (operation) => unwrap(part, original(operation)),
    isRead: (value) => whole.all.some((cluster) => identify(cluster.value) === identify(value) && cluster.reads > 0),
  });
  return { ...finding, operations: finding.operations.map(original) };

  function conflictUntil(position: number): { conflict: ZoneConflict; clusters: Clusters } | undefined {
    const clusters = collect({ ...part, operations: cutAt(position) }, initial, hasCas)!;
    const conflict = judgeZones(clusters);
    return conflict && { conflict, clusters };
  }

  // The history as it stood at a position: a write that had not ended by then has an unknown outcome.
  function cutAt(position: number): Operation[] {
    return part.operations
      .filter(({ f, completed }) => f === 'write' || completed <= position)
      .map((operation) => {
        if (operation.type !== 'ok' || operation.completed <= position) return operation;
        const open: Operation = { ...operation, type: 'info', completed: Infinity };
        originals.set(open, operation);
        return open;
      });
  }
}

function collect(part: Part, initial: unknown, hasCas: boolean): Clusters | undefined {
  const clusters = createClusters(initial);
  for (const operation of part.operations) {
    if (operation.f === 'cas' && hasCas) return undefined;
    clusters.add(operation, part.valueOf(operation));
    if (!clusters.unique) return undefined;
  }
  return clusters;
}
