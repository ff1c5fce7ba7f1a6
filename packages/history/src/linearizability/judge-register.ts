import { explainZones } from './explain-zones.js';
import type { QuickJudgement } from './finding.js';
import { findUnwritten } from './find-unwritten.js';
import { judgeZones } from './judge-zones.js';
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
  const conflict = judgeZones(clusters);
  const observations = clusters.reads;
  return conflict === undefined
    ? { observations }
    : { observations, finding: explainZones(conflict, clusters, (operation) => unwrap(part, operation)) };
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
