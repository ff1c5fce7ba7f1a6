import { explainZones } from './explain-zones.js';
import type { QuickJudgement } from './finding.js';
import { judgeZones } from './judge-zones.js';
import { unwrap, type Part } from './split-by-key.js';
import { createClusters } from './zones.js';

/** A register whose writes are all different, by zones; `undefined` where they are not, or where there is a `cas`. */
export function judgeRegister(part: Part, initial: unknown): QuickJudgement | undefined {
  const clusters = createClusters(initial);
  for (const operation of part.operations) {
    if (operation.f === 'cas') return undefined;
    clusters.add(operation, part.valueOf(operation));
    if (!clusters.unique) return undefined;
  }
  const conflict = judgeZones(clusters);
  const observations = clusters.reads;
  return conflict === undefined ? { observations } : { observations, finding: explainZones(conflict, clusters, (operation) => unwrap(part, operation)) };
}
