import { createEdgeList } from '../graph/edge-list.js';
import type { EdgeList } from '../graph/edge-list.js';
import { WW } from '../graph/edge-type.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import type { RegisterVersions } from './register-versions.js';

/** The first and the last version of one key that a transaction had to do with. */
interface Touch {
  readonly transaction: number;
  readonly key: number;
  readonly first: number;
  readonly last: number;
}

/**
 * `writes`: a store that keeps this order installs them in it. `views`: so does one whose later snapshots have all that
 * earlier ones had.
 */
type Inference = 'writes' | 'views';

/** The versions that a process wrote, or also saw, one after the other: so they are ordered wherever sessions are. */
export function addProcessVersions(
  log: TransactionLog,
  versions: RegisterVersions,
  { add }: VersionEdges,
  inference: Inference,
): void {
  const last = log.keys.map(() => new Map<number, Touch>());
  for (const touch of touchesOf(log, versions, inference)) {
    const { process } = log.operations[touch.transaction]!;
    const before = last[touch.key]!.get(process);
    if (before !== undefined) add(before, touch);
    if (log.outcome[touch.transaction] === OK) last[touch.key]!.set(process, touch);
  }
}

/**
 * The versions whose transaction was complete before the next one's was invoked: so they are ordered wherever real time
 * counts.
 */
export function addRealtimeVersions(
  log: TransactionLog,
  versions: RegisterVersions,
  { add }: VersionEdges,
  inference: Inference,
): void {
  const recent: Touch[][] = log.keys.map(() => []);
  for (const touch of touchesOf(log, versions, inference)) {
    const { invoked } = log.operations[touch.transaction]!;
    const before = recent[touch.key]!.filter(({ transaction }) => log.operations[transaction]!.completed < invoked);
    // What was complete before one of these began is before it already.
    const newest = Math.max(-1, ...before.map(({ transaction }) => log.operations[transaction]!.invoked));
    const isNewest = ({ transaction }: Touch): boolean => log.operations[transaction]!.completed >= newest;
    for (const earlier of before.filter(isNewest)) add(earlier, touch);
    recent[touch.key] = recent[touch.key]!.filter(isNewest);
    if (log.outcome[touch.transaction] === OK) recent[touch.key]!.push(touch);
  }
}

/** Collects what is not known yet, each pair of versions once. */
export interface VersionEdges {
  readonly edges: EdgeList;
  /** Of each edge the two transactions that tell it. */
  readonly witnesses: EdgeList;
  readonly add: (earlier: Touch, later: Touch) => void;
}

/** An empty collection, or one with what another has. */
export function createVersionEdges({ count, distance }: RegisterVersions, known?: VersionEdges): VersionEdges {
  const edges = createEdgeList();
  const witnesses = createEdgeList();
  const seen = new Set<number>();
  if (known !== undefined) {
    const { from, to } = known.edges.columns();
    const by = known.witnesses.columns();
    for (let edge = 0; edge < from.length; edge++) push([from[edge]!, to[edge]!], [by.from[edge]!, by.to[edge]!]);
  }
  return {
    edges,
    witnesses,
    add(earlier, later) {
      if (
        earlier.last === later.first ||
        seen.has(earlier.last * count + later.first) ||
        distance(earlier.last, later.first) !== Infinity
      )
        return;
      push([earlier.last, later.first], [earlier.transaction, later.transaction]);
    },
  };

  function push([earlier, later]: readonly [number, number], [one, other]: readonly [number, number]): void {
    seen.add(earlier * count + later);
    edges.add(earlier, later, WW);
    witnesses.add(one, other, WW);
  }
}

function* touchesOf(
  { outcome, firstStep, stepWrites, stepKey, keys }: TransactionLog,
  { ofStep, happened, writer, count, key, order }: RegisterVersions,
  inference: Inference,
): Generator<Touch> {
  // Where every version has a known predecessor there is nothing left to infer from reads.
  const isOpen = new Uint8Array(keys.length);
  for (let version = 0; version < count; version++) if (order.hasEarlier[version] === 0) isOpen[key[version]!] = 1;
  for (let transaction = 0; transaction < happened.length; transaction++) {
    if (happened[transaction] === 0) continue;
    const byKey = new Map<number, Touch>();
    for (let at = firstStep[transaction]!; at < firstStep[transaction + 1]!; at++) {
      const version = ofStep[at]!;
      if (
        stepWrites[at] === 0 &&
        (inference === 'writes' ||
          outcome[transaction] !== OK ||
          version < 0 ||
          writer[version] === -1 ||
          isOpen[stepKey[at]!] === 0)
      )
        continue;
      byKey.set(stepKey[at]!, {
        transaction,
        key: stepKey[at]!,
        first: byKey.get(stepKey[at]!)?.first ?? version,
        last: version,
      });
    }
    yield* byKey.values();
  }
}
