import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings, type Findings } from './findings.js';

type MicroOperation = readonly [f: string, key: unknown, value: unknown];

interface GroupRead {
  readonly operation: Operation;
  /** The keys that it saw written. */
  readonly seen: ReadonlySet<unknown>;
}

/**
 * Groups of keys, each written once by a `txn` of its own, `[['w', key, value]]`, and read together, `[['r', key,
 * value], ...]`: any two reads of a group must agree on which of two writes came first. Where one saw x but not y and
 * another y but not x there is a long fork: snapshot isolation forbids it, parallel snapshot isolation does not.
 * Source: Jepsen's long-fork; Sovran et al., Transactional storage for geo-replicated systems (2011).
 */
export function checkLongFork(history: History): Verdict {
  const findings = createFindings('long-fork', history);
  const { groups, reads, twice } = collectGroups(history.operations);
  for (const distinct of groups.values()) tellFork(distinct, findings);
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

/** Of each group its different reads, by what they saw. */
type Groups = ReadonlyMap<string, ReadonlyMap<string, GroupRead>>;

function collectGroups(operations: readonly Operation[]): { groups: Groups; reads: number; twice: unknown[] } {
  const written = new Set<unknown>();
  const twice: unknown[] = [];
  const groups = new Map<string, Map<string, GroupRead>>();
  let reads = 0;
  for (const operation of operations) {
    if (operation.type === 'fail' || !Array.isArray(operation.value)) continue;
    const steps = operation.value as MicroOperation[];
    if (steps.every(([f]) => f === 'w' || f === 'write')) {
      for (const [, key] of steps) {
        if (written.has(identify(key))) twice.push(key);
        written.add(identify(key));
      }
    } else if (operation.type === 'ok' && steps.length > 1 && steps.every(([f]) => f === 'r' || f === 'read')) {
      reads++;
      const group = nameOf(steps.map(([, key]) => identify(key)));
      const seen = new Set(steps.filter(([, , value]) => (value ?? null) !== null).map(([, key]) => identify(key)));
      const distinct = groups.get(group) ?? new Map<string, GroupRead>();
      const picture = nameOf([...seen]);
      // Of reads that saw the same the one that ended first.
      const known = distinct.get(picture);
      if (known === undefined || operation.completed < known.operation.completed)
        distinct.set(picture, { operation, seen });
      groups.set(group, distinct);
    }
  }
  return { groups, reads, twice };
}

function nameOf(keys: readonly unknown[]): string {
  return keys
    .map((key) => JSON.stringify(key))
    .sort()
    .join();
}

// Reads that agree form a chain: each sees all that the one before saw. They are put into it as they ended.
function tellFork(distinct: ReadonlyMap<string, GroupRead>, findings: Findings): void {
  const chain: GroupRead[] = [];
  for (const read of [...distinct.values()].sort((a, b) => a.operation.completed - b.operation.completed)) {
    for (const other of chain) {
      const only = [...read.seen].find((key) => !other.seen.has(key));
      const missing = [...other.seen].find((key) => !read.seen.has(key));
      if (only === undefined || missing === undefined) continue;
      findings.add(
        'long-fork',
        `${describeOperation(other.operation)} saw the write of ${formatValue(missing)} but not that of ` +
          `${formatValue(only)}, and ${describeOperation(read.operation)} the other way round`,
        [other.operation, read.operation],
        { forbiddenBy: 'snapshot-isolation' },
      );
      return;
    }
    chain.push(read);
  }
}
