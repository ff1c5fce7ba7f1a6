import { integers } from '../log/columns.js';
import type { EdgeList } from '../graph/edge-list.js';
import { addFan } from '../graph/add-fan.js';
import { RW, WR, WW } from '../graph/edge-type.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL } from '../log/versions.js';
import { LAST } from './list-order.js';
import type { ListVersions } from './list-versions.js';

/**
 * The dependencies that lists reveal (Kingsbury & Alvaro, "Elle", VLDB 2020, §4): ww along each key's order, wr from
 * the writer of a read's last element, rw from its readers to the writer of the next. Appends that happened and that no
 * read shows come after everything that was read, in no known order among themselves. Returns the next free vertex.
 */
export function addListEdges(log: TransactionLog, versions: ListVersions, edges: EdgeList, freeVertex: number): number {
  const { outcome, stepWrites, stepKey, stepOwner, keys } = log;
  const { ofStep, step, place, order, strayReads } = versions;
  const happened = (version: number): boolean =>
    step[version] !== -1 && versions.happened[stepOwner[step[version]!]!] === 1;
  const writer = (version: number): number => stepOwner[step[version]!]!;

  // The next version that happened: one that failed or that nobody wrote is reported elsewhere, and bridged here.
  const following = integers(versions.count).fill(-1);
  const firstOf = integers(keys.length).fill(-1);
  const lastOf = integers(keys.length).fill(-1);
  for (let k = 0; k < keys.length; k++) {
    let next = -1;
    for (let at = order[k]!.length - 1; at >= 0; at--) {
      const version = order[k]![at]!;
      following[version] = next;
      if (!happened(version)) continue;
      if (next === -1) lastOf[k] = version;
      else addEdge(writer(version), writer(next), WW);
      next = version;
    }
    firstOf[k] = next;
  }

  const unseen = new Map<number, number[]>();
  const tailReaders = new Map<number, number[]>();
  const stray = new Set(strayReads);
  for (let at = 0; at < stepKey.length; at++) {
    const owner = stepOwner[at]!;
    const k = stepKey[at]!;
    const version = ofStep[at]!;
    if (stepWrites[at] === 1) {
      if (place[version] !== LAST) continue;
      push(unseen, k, owner);
      if (lastOf[k] !== -1) addEdge(writer(lastOf[k]!), owner, WW);
      continue;
    }
    if (outcome[owner] !== OK) continue;
    if (version !== INITIAL && happened(version)) addEdge(writer(version), owner, WR);
    if (stray.has(at)) continue;
    const next = version === INITIAL ? firstOf[k]! : following[version]!;
    if (next !== -1) addEdge(owner, writer(next), RW);
    else push(tailReaders, k, owner);
  }
  let vertex = freeVertex;
  for (const [k, writers] of unseen) vertex = addFan(tailReaders.get(k) ?? [], [...new Set(writers)], edges, vertex);
  return vertex;

  function addEdge(from: number, to: number, type: number): void {
    if (from !== to) edges.add(from, to, type);
  }
}

function push(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
