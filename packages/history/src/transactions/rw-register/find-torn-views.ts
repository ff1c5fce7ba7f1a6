import { integers } from '../columns.js';
import { findComponents } from '../graph/components.js';
import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { PASS, WR, WW } from '../graph/edge-type.js';
import type { Graph } from '../graph/graph.js';
import { shortestCycle } from '../graph/shortest-cycle.js';
import type { Finding } from '../findings.js';
import { OK } from '../transaction-log.js';
import type { TransactionLog } from '../transaction-log.js';
import type { RegisterVersions } from './register-versions.js';

type View = 'read-atomic' | 'monotonic-atomic-view';

/**
 * A transaction that sees one write of another must see all of its writes, or newer ones: that orders writes which
 * nothing else orders. Finds the cycle to which these orders lead, at read atomic, or at monotonic atomic view, where
 * only reads after that one count. Complete: without a cycle, a topological order is an order of versions that fits.
 */
export function findTornViews(
  log: TransactionLog,
  versions: RegisterVersions,
  { view, graphOf }: { readonly view: View; readonly graphOf: (orders: EdgeList) => Graph },
): Finding | undefined {
  const graph = graphOf(forcedOrders(log, versions, view));
  const mask = WW | WR | PASS;
  const components = findComponents(graph, mask);
  if (components.count === 0) return undefined;
  const starts = [...components.of.keys()].filter((vertex) => components.of[vertex] !== -1 && vertex < graph.helpers);
  const cycle = shortestCycle(graph, { starts, firstMask: mask, mask, components })!;
  const names = cycle.vertices.map((_, at) => `T${at + 1}`);
  return {
    type: view === 'read-atomic' ? 'fractured-read' : 'OTV',
    transactions: cycle.vertices,
    message: `whichever order the writes of ${names.slice(0, -1).join(', ')} and ${names.at(-1)} had, one of them is seen in part`,
  };
}

function forcedOrders(log: TransactionLog, versions: RegisterVersions, view: View): EdgeList {
  const { outcome, firstStep, stepWrites, stepKey } = log;
  const { ofStep, writer } = versions;
  const edges = createEdgeList();
  // The steps at which the transaction at hand reads each key from others: the first, the last.
  const firstRead = integers(log.keys.length);
  const lastRead = integers(log.keys.length);
  for (let transaction = 0; transaction < outcome.length; transaction++) {
    if (outcome[transaction] !== OK) continue;
    const [from, end] = [firstStep[transaction]!, firstStep[transaction + 1]!];
    const isForeign = (at: number): boolean =>
      stepWrites[at] === 0 && ofStep[at]! >= 0 && ![-1, transaction].includes(writer[ofStep[at]!]!);
    for (let at = from; at < end; at++) firstRead[stepKey[at]!] = lastRead[stepKey[at]!] = -1;
    for (let at = from; at < end; at++) {
      if (!isForeign(at)) continue;
      if (firstRead[stepKey[at]!] === -1) firstRead[stepKey[at]!] = at;
      lastRead[stepKey[at]!] = at;
    }
    for (let at = from; at < end; at++) if (isForeign(at)) force(at, transaction);
  }
  return edges;

  // The reader of step `at` has to see all that the writer wrote.
  function force(at: number, reader: number): void {
    const source = writer[ofStep[at]!]!;
    for (const [key, version] of finalVersions(log, versions, source)) {
      const read = view === 'read-atomic' ? firstRead[key]! : lastRead[key]!;
      if (read < firstStep[reader]! || read >= firstStep[reader + 1]!) continue;
      if (view === 'monotonic-atomic-view' && read < at) continue;
      if (writer[ofStep[read]!] !== source) edges.add(version, ofStep[read]!, WW);
    }
  }
}

function finalVersions(
  { firstStep, stepWrites, stepKey }: TransactionLog,
  { ofStep }: RegisterVersions,
  transaction: number,
): Map<number, number> {
  const last = new Map<number, number>();
  for (let at = firstStep[transaction]!; at < firstStep[transaction + 1]!; at++)
    if (stepWrites[at] === 1) last.set(stepKey[at]!, ofStep[at]!);
  return last;
}
