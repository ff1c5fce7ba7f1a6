import { describeOperation } from '../describe-operation.js';
import { formatValue } from '../format-value.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Finding } from './finding.js';
import type { ZoneConflict } from './judge-zones.js';
import type { Cluster, Clusters } from './zones.js';

/** A conflict of zones in words. `unwrap` gives an operation without its key. */
export function explainZones(
  conflict: ZoneConflict,
  { failed, initial }: Clusters,
  unwrap: (operation: Operation) => Operation,
): Finding {
  const words = (operation: Operation): string => describeOperation(unwrap(operation));
  if (conflict.kind === 'between') return explainBetween(conflict, initial, words);
  const { value, write, firstDone } = conflict.cluster;
  const read = firstDone as Operation;
  if (conflict.kind === 'early') {
    return {
      type: 'future-read',
      message: `${words(read)} cannot be: it had ended before ${words(write as Operation)} began, the only write of that value`,
      operations: [read, write as Operation],
    };
  }
  const aborted = failed.get(identify(value));
  if (aborted === undefined)
    return {
      type: 'garbage-read',
      message: `${words(read)} cannot be: nobody wrote ${formatValue(value)}`,
      operations: [read],
    };
  return {
    type: 'aborted-read',
    message: `${words(read)} cannot be: the only write of that value did not happen: ${words(aborted)}`,
    operations: [aborted, read],
  };
}

function explainBetween(
  { outer, inner }: { readonly outer: Cluster; readonly inner: Cluster },
  initial: Cluster,
  words: (operation: Operation) => string,
): Finding {
  const stale = outer.lastInvoked as Operation;
  // Best the write itself, where it came later.
  const newer =
    inner.write !== undefined && inner.write.invoked > outer.finish ? inner.write : (inner.lastInvoked as Operation);
  const seen = inner.firstDone as Operation;
  const there =
    outer === initial
      ? `${formatValue(outer.value)} was there from the start`
      : `${formatValue(outer.value)} was there when it began (${words(outer.firstDone as Operation)} had ended)`;
  const lost = inner.reads === 0;
  const over = newer === seen ? 'had ended' : `had its effect (${words(seen)} had ended)`;
  return {
    type: lost ? 'lost-write' : 'stale-read',
    message: `${words(stale)} is stale${lost ? ', or a write is lost' : ''}: ${words(newer)} ${over} before it began, and ${there}; no value was written twice`,
    operations: [outer.firstDone, newer, seen, stale].filter(
      (one, index, all): one is Operation => one !== undefined && all.indexOf(one) === index,
    ),
  };
}
