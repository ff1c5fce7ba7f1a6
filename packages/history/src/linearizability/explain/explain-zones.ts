import { describeOperation } from '../../describe/describe-operation.js';
import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { Finding } from './finding.js';
import type { ZoneConflict } from '../judge-zones.js';
import type { Cluster, Clusters } from '../zones.js';

/**
 * A conflict of zones in words. `unwrap` gives an operation without its key, `isRead` whether any read of the history
 * shows a value: one that nobody ever saw may be lost.
 */
export function explainZones(
  conflict: ZoneConflict,
  { failed, initial }: Clusters,
  { unwrap, isRead }: { unwrap: (operation: Operation) => Operation; isRead: (value: unknown) => boolean },
): Finding {
  const words = (operation: Operation): string => describeOperation(unwrap(operation));
  if (conflict.kind === 'between') return explainBetween(conflict, initial, { words, isRead });
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

// Explains that both values cannot have been there: one was replaced by the other before somebody read it, or, where
// nobody can tell which came first, both were there at the same moment.
function explainBetween(
  { outer, inner }: { readonly outer: Cluster; readonly inner: Cluster },
  initial: Cluster,
  { words, isRead }: { words: (operation: Operation) => string; isRead: (value: unknown) => boolean },
): Finding {
  const [kept, newer] =
    [outer, inner].find((one) => isReplaced(one, one === outer ? inner : outer)) === inner
      ? [inner, outer]
      : [outer, inner];
  const operations = [kept.firstDone, newer.write, newer.firstDone, kept.lastInvoked].filter(
    (one, index, all): one is Operation => one !== undefined && all.indexOf(one) === index,
  );
  const lost = !isRead(newer.value);
  const type = lost ? 'lost-write' : 'stale-read';
  if (!isReplaced(kept, newer)) {
    const others = newer.lastInvoked === undefined || operations.includes(newer.lastInvoked) ? [] : [newer.lastInvoked];
    const message = `${presence(kept, initial, words)}; ${presence(newer, initial, words)}: both cannot be, for each was written once`;
    return { type, message, operations: [...operations, ...others] };
  }
  const stale = kept.lastInvoked as Operation;
  const write = newer.write as Operation;
  const seen = newer.firstDone as Operation;
  const there =
    kept === initial
      ? `${formatValue(kept.value)} was there from the start`
      : `${formatValue(kept.value)} was there when it began (${words(kept.firstDone as Operation)} had ended)`;
  const over = write === seen ? 'had ended' : `had its effect (${words(seen)} had ended)`;
  return {
    type,
    message: `${words(stale)} is stale${lost ? ', or a write is lost' : ''}: ${words(write)} ${over} before it began, and ${there}; no value was written twice`,
    operations,
  };
}

// True if the newer value was written after the other existed, and existed before anybody started to read the other.
function isReplaced(kept: Cluster, newer: Cluster): boolean {
  return newer.write !== undefined && newer.write.invoked > kept.finish && newer.finish < kept.start;
}

function presence(cluster: Cluster, initial: Cluster, words: (operation: Operation) => string): string {
  const { value, firstDone, lastInvoked, finish, start } = cluster;
  const name = formatValue(value);
  const [done, begun] = [firstDone && words(firstDone), lastInvoked && words(lastInvoked)];
  if (cluster === initial) return `${name} was there from the start until ${begun} began`;
  return finish < start
    ? `${name} was there from the end of the ${done} until the ${begun} began`
    : `${name} was there at a moment between the beginning of the ${begun} and the end of the ${done}`;
}
