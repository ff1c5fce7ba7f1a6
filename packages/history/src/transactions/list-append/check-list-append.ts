import type { History } from '../../history.js';
import { findReadAnomalies } from '../reads/find-read-anomalies.js';
import { createFindings } from '../findings.js';
import { createEdgeList } from '../graph/edge-list.js';
import { createGraph } from '../graph/graph.js';
import { addProcessEdges, addRealtimeEdges } from '../graph/order-edges.js';
import { judgeTransactions } from '../judge-transactions.js';
import { measureCoverage } from '../measure-coverage.js';
import { LIST_APPEND } from '../log/micro-operation.js';
import { show } from '../show.js';
import { readTransactions } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { resolveCheckOptions } from '../transaction-verdict.js';
import type { CheckTransactionsOptions, TransactionVerdict } from '../transaction-verdict.js';
import { findInternalLists } from './find-internal-lists.js';
import { findListAnomalies } from './find-list-anomalies.js';
import { addListEdges } from './list-edges.js';
import { LAST } from './list-order.js';
import { createListVersions } from './list-versions.js';
import type { ListVersions } from './list-versions.js';

/**
 * Checks transactions on append-only lists: operations whose `f` is `txn` and whose value is a list of `['append', key,
 * element]` and `['r', key, list or null]`; every append to a key has an element of its own. Tells of each isolation
 * level from read uncommitted to strict serializable whether the history breaks it. Sound: what it reports cannot
 * happen at that level.
 *
 * Throws `TypeError` for what is no such transaction, `RangeError` for an unknown model.
 *
 * Source: Kingsbury & Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020; Adya
 * 1999.
 */
export function checkListAppend(
  { operations, faults }: History,
  options: CheckTransactionsOptions = {},
): TransactionVerdict {
  const resolved = resolveCheckOptions(options);
  const log = readTransactions(operations, LIST_APPEND);
  const versions = createListVersions(log);
  const words = (step: number): string =>
    `append of ${show(log.stepValue[step])} to ${show(log.keys[log.stepKey[step]!])}`;
  const findings = createFindings(resolved.limit, resolved.isRunning);
  findListAnomalies(log, versions, findings);
  findInternalLists(log, findings);
  findReadAnomalies({ log, versions, findings, words });

  const edges = createEdgeList(log.stepKey.length + log.operations.length * 3);
  const helpers = log.operations.length;
  addProcessEdges(log, edges);
  const vertices = addListEdges(log, versions, edges, addRealtimeEdges(log, edges, helpers));
  const graph = createGraph(vertices, helpers, edges);
  const isPlaced = (version: number): boolean => versions.place[version]! < LAST && versions.place[version] !== -1;
  const unordered = countUnordered(log, versions);
  const coverage = {
    ...measureCoverage(log, versions, { isObserved: isPlaced, isOrdered: isPlaced }),
    ...(unordered > 0 && { unorderedAppends: unordered }),
  };
  return judgeTransactions(
    {
      log,
      versions,
      graphs: { plain: graph, process: graph, processViews: graph, realtime: graph, realtimeViews: graph },
      findings: findings.all,
      coverage,
      words,
      faults,
    },
    resolved,
  );
}

// Appends that no read shows, of keys where several transactions made such ones: nobody knows their order.
function countUnordered({ stepOwner }: TransactionLog, { count, place, key, step }: ListVersions): number {
  const unseen = new Map<number, number[]>();
  for (let version = 0; version < count; version++)
    if (place[version] === LAST) unseen.set(key[version]!, [...(unseen.get(key[version]!) ?? []), version]);
  let unordered = 0;
  for (const versions of unseen.values())
    if (new Set(versions.map((version) => stepOwner[step[version]!])).size > 1) unordered += versions.length;
  return unordered;
}
