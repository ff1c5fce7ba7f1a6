import type { Cluster, Clusters } from './zones.js';

/** The reason for which a register with unique writes is not linearizable. */
export type ZoneConflict =
  /** A value that no write can have put there. */
  | { readonly kind: 'unwritten'; readonly cluster: Cluster }
  /** A value was read before its write began. */
  | { readonly kind: 'early'; readonly cluster: Cluster }
  /** `outer` was there before an operation on `inner` began, and was seen by one that began after `inner` was there. */
  | { readonly kind: 'between'; readonly outer: Cluster; readonly inner: Cluster };

/**
 * Gibbons and Korach, Testing shared memories (1997): the operations on one value span a zone from the first completion
 * to the last invocation. Where that runs forward the value was there all the while; so no two such zones may overlap,
 * and none may hold a zone that runs backward. With every value written once that is also enough. O(n log n); n where
 * the zones come in order.
 */
export function judgeZones({ all, initial }: Clusters): ZoneConflict | undefined {
  const forward: Cluster[] = [];
  const backward: Cluster[] = [];
  for (const cluster of all) {
    const { write, reads, firstDone } = cluster;
    if (cluster !== initial) {
      if (write === undefined) return { kind: 'unwritten', cluster };
      // Nobody saw it and nobody knows whether it happened.
      if (reads === 0 && write.type === 'info') continue;
      if (firstDone !== undefined && firstDone !== write && firstDone.completed < write.invoked)
        return { kind: 'early', cluster };
    } else if (reads === 0) continue;
    (cluster.finish < cluster.start ? forward : backward).push(cluster);
  }
  let sorted = true;
  for (let index = 1; index < forward.length && sorted; index++)
    sorted = (forward[index - 1] as Cluster).finish <= (forward[index] as Cluster).finish;
  if (!sorted) forward.sort((a, b) => a.finish - b.finish);
  for (let index = 1; index < forward.length; index++) {
    const outer = forward[index - 1] as Cluster;
    const inner = forward[index] as Cluster;
    if (inner.finish < outer.start) return { kind: 'between', outer, inner };
  }
  return findHeld(forward, backward);
}

// A backward zone inside a forward one. The forward zones are in order and apart from each other, so only one can hold
// it.
function findHeld(forward: readonly Cluster[], backward: readonly Cluster[]): ZoneConflict | undefined {
  for (const inner of backward) {
    let low = 0;
    let high = forward.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((forward[middle] as Cluster).finish < inner.start) low = middle + 1;
      else high = middle;
    }
    const outer = forward[low - 1];
    if (outer !== undefined && inner.finish < outer.start) return { kind: 'between', outer, inner };
  }
  return undefined;
}
