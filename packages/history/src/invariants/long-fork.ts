import { describeOperation } from '../describe-operation.js';
import { formatValue } from '../format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';

type MicroOperation = readonly [f: string, key: unknown, value: unknown];

interface GroupRead {
  readonly operation: Operation;
  /** The keys that it saw written. */ readonly seen: ReadonlySet<unknown>;
}

/**
 * Groups of keys, each written once by a `txn` of its own, `[['w', key, value]]`, and read together, `[['r', key,
 * value], ...]`: any two reads of a group must agree on which of two writes came first. Where one saw x but not y and
 * another y but not x there is a long fork: snapshot isolation forbids it, parallel snapshot isolation does not.
 * Source: Jepsen's long-fork; Sovran et al., Transactional storage for geo-replicated systems (2011).
 */
export function checkLongFork(history: History): Verdict {
  const findings = createFindings('long-fork', history);
  const writes = new Map<unknown, unknown>();
  const twice: unknown[] = [];
  const groups = new Map<string, Map<string, GroupRead>>();
  let reads = 0;
  for (const operation of history.operations) {
    if (operation.type === 'fail' || !Array.isArray(operation.value)) continue;
    const steps = operation.value as MicroOperation[];
    if (steps.every(([f]) => f === 'w' || f === 'write')) {
      for (const [, key, value] of steps) {
        if (writes.has(identify(key))) twice.push(key);
        writes.set(identify(key), value);
      }
    } else if (operation.type === 'ok' && steps.length > 1 && steps.every(([f]) => f === 'r' || f === 'read')) {
      reads++;
      const group = steps
        .map(([, key]) => JSON.stringify(identify(key)))
        .sort()
        .join();
      const seen = new Set(steps.filter(([, , value]) => (value ?? null) !== null).map(([, key]) => identify(key)));
      const distinct = groups.get(group) ?? new Map<string, GroupRead>();
      const picture = [...seen]
        .map((id) => JSON.stringify(id))
        .sort()
        .join();
      if (!distinct.has(picture)) distinct.set(picture, { operation, seen });
      groups.set(group, distinct);
    }
  }
  for (const distinct of groups.values()) {
    // Those that agree form a chain: each sees all that the one before saw.
    const chain = [...distinct.values()].sort((a, b) => a.seen.size - b.seen.size);
    for (let index = 1; index < chain.length; index++) {
      const one = chain[index - 1] as GroupRead;
      const other = chain[index] as GroupRead;
      const only = [...one.seen].find((key) => !other.seen.has(key));
      if (only === undefined) continue;
      const missing = [...other.seen].find((key) => !one.seen.has(key));
      findings.add(
        'long-fork',
        `${describeOperation(one.operation)} saw the write of ${formatValue(only)} but not that of ${formatValue(missing)}, and ${describeOperation(other.operation)} the other way round`,
        [one.operation, other.operation],
        'snapshot-isolation',
      );
      break;
    }
  }
  const informative = [...groups.values()].filter((distinct) => distinct.size > 1).length;
  const figures = { reads, groups: groups.size, groupsWithOrder: informative };
  if (twice.length > 0)
    return findings.verdict(
      figures,
      `the key ${formatValue(twice[0])} was written more than once, so a missing value says nothing`,
    );
  return findings.verdict(
    figures,
    reads === 0
      ? 'no group of keys was read'
      : informative === 0
        ? 'no two reads of a group saw different writes'
        : undefined,
  );
}
