import type { EdgeList } from '../graph/edge-list.js';
import { WW } from '../graph/edge-type.js';
import { OK } from '../transaction-log.js';
import type { TransactionLog } from '../transaction-log.js';
import type { RegisterVersions } from './register-versions.js';

/** A transaction's first and last write to one key. */
interface Writes {
  readonly transaction: number;
  readonly key: number;
  readonly first: number;
  readonly last: number;
}

/** The versions that a process wrote one after the other: so they are ordered wherever sessions are. */
export function addProcessVersions(log: TransactionLog, versions: RegisterVersions, edges: EdgeList): void {
  const last = log.keys.map(() => new Map<number, number>());
  for (const writes of writesOf(log, versions)) {
    const { process } = log.operations[writes.transaction]!;
    const before = last[writes.key]!.get(process);
    if (before !== undefined) addUnknown(versions, edges, before, writes.first);
    if (log.outcome[writes.transaction] === OK) last[writes.key]!.set(process, writes.last);
  }
}

/** The versions whose writer was complete before the next one's was invoked: so they are ordered wherever real time counts. */
export function addRealtimeVersions(log: TransactionLog, versions: RegisterVersions, edges: EdgeList): void {
  const recent: Writes[][] = log.keys.map(() => []);
  for (const writes of writesOf(log, versions)) {
    const { invoked } = log.operations[writes.transaction]!;
    const before = recent[writes.key]!.filter(({ transaction }) => log.operations[transaction]!.completed < invoked);
    // What was complete before one of these began is before it already.
    const newest = Math.max(-1, ...before.map(({ transaction }) => log.operations[transaction]!.invoked));
    const isNewest = ({ transaction }: Writes): boolean => log.operations[transaction]!.completed >= newest;
    for (const earlier of before.filter(isNewest)) addUnknown(versions, edges, earlier.last, writes.first);
    recent[writes.key] = recent[writes.key]!.filter(isNewest);
    if (log.outcome[writes.transaction] === OK) recent[writes.key]!.push(writes);
  }
}

function addUnknown(versions: RegisterVersions, edges: EdgeList, earlier: number, later: number): void {
  if (versions.distance(earlier, later) === Infinity) edges.add(earlier, later, WW);
}

function* writesOf({ firstStep, stepWrites, stepKey }: TransactionLog, { ofStep, happened }: RegisterVersions): Generator<Writes> {
  for (let transaction = 0; transaction < happened.length; transaction++) {
    if (happened[transaction] === 0) continue;
    const byKey = new Map<number, Writes>();
    for (let at = firstStep[transaction]!; at < firstStep[transaction + 1]!; at++) {
      if (stepWrites[at] === 0) continue;
      const key = stepKey[at]!;
      byKey.set(key, { transaction, key, first: byKey.get(key)?.first ?? ofStep[at]!, last: ofStep[at]! });
    }
    yield* byKey.values();
  }
}
