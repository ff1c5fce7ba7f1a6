import { integers } from '../log/columns.js';
import { findComponents } from '../graph/components.js';
import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { PASS, WR, WW } from '../graph/edge-type.js';
import type { Graph } from '../graph/graph.js';
import { shortestCycle } from '../graph/shortest-cycle.js';
import type { Cycle } from '../graph/shortest-cycle.js';
import type { Finding } from '../findings.js';
import { show } from '../show.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
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
  const forced = forcedOrders(log, versions, view);
  const graph = graphOf(forced.edges);
  const mask = WW | WR | PASS;
  const components = findComponents(graph, mask);
  if (components.count === 0) return undefined;
  const starts = [...components.of.keys()].filter((vertex) => components.of[vertex] !== -1 && vertex < graph.helpers);
  const cycle = shortestCycle(graph, { starts, firstMask: mask, mask, components })!;
  return {
    type: view === 'read-atomic' ? 'fractured-read' : 'OTV',
    ...explain(log, versions, { cycle, readers: forced.readers }),
  };
}

// Names the transactions of the cycle first, then the readers that tell an order of writes.
function explain(
  { stepKey, stepValue, keys }: TransactionLog,
  { step, writer }: RegisterVersions,
  { cycle, readers }: { readonly cycle: Cycle; readonly readers: readonly ForcedOrder[] },
): Pick<Finding, 'transactions' | 'message'> {
  const transactions = [...cycle.vertices];
  const name = (transaction: number): string => {
    if (!transactions.includes(transaction)) transactions.push(transaction);
    return `T${transactions.indexOf(transaction) + 1}`;
  };
  const write = (version: number): string =>
    `${name(writer[version]!)}'s write of ${show(stepValue[step[version]!])} to ` +
    show(keys[stepKey[step[version]!]!]);
  const reasons = cycle.vertices.map((one, at) => {
    const other = cycle.vertices[(at + 1) % cycle.vertices.length]!;
    if (cycle.types[at] === WR) return `${name(other)} read what ${name(one)} wrote`;
    const order = readers.find(({ earlier, later }) => writer[earlier] === one && writer[later] === other);
    if (order === undefined) return `${name(one)} wrote a key before ${name(other)} did`;
    return `${name(order.reader)} saw ${name(one)} and ${write(order.later)}, so this came after ${write(order.earlier)}`;
  });
  return { transactions, message: `${reasons.slice(0, -1).join('; ')}; yet ${reasons.at(-1)}` };
}

/** A reader saw one write of a transaction, so another write of that one is no later than the version that it read. */
interface ForcedOrder {
  readonly earlier: number;
  readonly later: number;
  readonly reader: number;
}

function forcedOrders(
  log: TransactionLog,
  versions: RegisterVersions,
  view: View,
): { readonly edges: EdgeList; readonly readers: readonly ForcedOrder[] } {
  const { outcome, firstStep, stepWrites, stepKey } = log;
  const { ofStep, writer } = versions;
  const edges = createEdgeList();
  const readers: ForcedOrder[] = [];
  // Of each key the last step at which the transaction at hand reads it from others, and of each step the one before.
  const lastRead = integers(log.keys.length);
  const readBefore = integers(stepWrites.length).fill(-1);
  for (let transaction = 0; transaction < outcome.length; transaction++) {
    if (outcome[transaction] !== OK) continue;
    const [from, end] = [firstStep[transaction]!, firstStep[transaction + 1]!];
    const isForeign = (at: number): boolean =>
      stepWrites[at] === 0 && ofStep[at]! >= 0 && ![-1, transaction].includes(writer[ofStep[at]!]!);
    for (let at = from; at < end; at++) lastRead[stepKey[at]!] = -1;
    for (let at = from; at < end; at++) {
      if (!isForeign(at)) continue;
      readBefore[at] = lastRead[stepKey[at]!]!;
      lastRead[stepKey[at]!] = at;
    }
    for (let at = from; at < end; at++) if (isForeign(at)) force(at, transaction);
  }
  return { edges, readers };

  // The reader of step `at` has to see all that the writer wrote: in all of its reads, or in those afterwards.
  function force(at: number, reader: number): void {
    const source = writer[ofStep[at]!]!;
    const from = view === 'read-atomic' ? firstStep[reader]! : at;
    for (const [key, version] of finalVersions(log, versions, source)) {
      for (let read = lastRead[key]!; read >= from; read = readBefore[read]!) {
        if (writer[ofStep[read]!] === source) continue;
        edges.add(version, ofStep[read]!, WW);
        readers.push({ earlier: version, later: ofStep[read]!, reader });
      }
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
