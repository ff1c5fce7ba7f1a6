import { cutHistory, firstWrong } from './explain/cut-history.js';
import { explainBefore } from './explain/explain-first.js';
import { explainZones } from './explain/explain-zones.js';
import type { Finding, QuickJudgement } from './explain/finding.js';
import { findUnwritten } from './explain/find-unwritten.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import { judgeZones } from './judge-zones.js';
import { registerModel } from './models/register-model.js';
import type { SequentialModel } from './models/sequential-model.js';
import { unwrap, type Part } from './split-by-key.js';
import { createClusters, type Clusters } from './zones.js';

/**
 * A register whose writes are all different, by zones; where they are not, or where there is a `cas`, only what is
 * wrong without a search: else `undefined`.
 */
export function judgeRegister(part: Part, initial: unknown, hasCas: boolean): QuickJudgement | undefined {
  const clusters = collect(part, initial, hasCas);
  if (clusters === undefined) {
    const operations = part.operations.map((operation) => unwrap(part, operation));
    const unwritten = findUnwritten(operations, initial);
    if (unwritten === undefined) return undefined;
    // Something else may have been wrong before.
    const model = registerModel({ initial, cas: hasCas });
    const finding = explainBefore(model as SequentialModel, operations, unwritten.shownAt) ?? unwritten.finding;
    return { observations: 1, finding };
  }
  const observations = clusters.reads;
  if (judgeZones(clusters) === undefined) return { observations };
  return { observations, finding: explainZonesOf(part, initial, { hasCas, whole: clusters }) };
}

function explainZonesOf(
  part: Part,
  initial: unknown,
  { hasCas, whole }: { hasCas: boolean; whole: Clusters },
): Finding {
  const isWrite = ({ f }: Operation): boolean => f === 'write';
  const { found } = firstWrong(part.operations, (position) => {
    const { operations, original } = cutHistory(part.operations, position, isWrite);
    const clusters = collect({ ...part, operations }, initial, hasCas)!;
    const conflict = judgeZones(clusters);
    return conflict && { conflict, clusters, original };
  })!;
  const { conflict, clusters, original } = found;
  const finding = explainZones(conflict, clusters, {
    unwrap: (operation) => unwrap(part, original(operation)),
    isRead: (value) => whole.all.some((cluster) => identify(cluster.value) === identify(value) && cluster.reads > 0),
  });
  return { ...finding, operations: finding.operations.map(original) };
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
