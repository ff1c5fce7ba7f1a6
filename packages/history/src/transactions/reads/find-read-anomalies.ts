import { bytes, integers } from '../log/columns.js';
import { findLostUpdates } from './find-lost-updates.js';
import type { ReadEvidence } from './read-evidence.js';
import { FAIL, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { Versions } from '../log/versions.js';

/**
 * What reads show of the transactions they read from, whatever the type of the values: intermediate reads, lost
 * updates, transactions seen in part. Linear, but for a key that one transaction reads often.
 */
export function findReadAnomalies(evidence: ReadEvidence): void {
  const { outcome, firstStep, stepWrites, stepKey, operations, keys } = evidence.log;
  const isOverwritten = findOverwritten(evidence.log);
  // Of each key the last read by the transaction at hand, and of each read the one before it.
  const lastRead = integers(keys.length).fill(-1);
  const readBefore = integers(stepKey.length).fill(-1);
  for (let transaction = 0; transaction < operations.length; transaction++) {
    if (outcome[transaction] !== OK) continue;
    const from = firstStep[transaction]!;
    const end = firstStep[transaction + 1]!;
    for (let at = from; at < end; at++) {
      if (stepWrites[at] === 1) continue;
      const before = lastRead[stepKey[at]!]!;
      if (before >= from) readBefore[at] = before;
      lastRead[stepKey[at]!] = at;
    }
    for (let at = from; at < end; at++)
      if (stepWrites[at] === 0) checkSource(evidence, at, { isOverwritten, lastRead, readBefore });
  }
  findLostUpdates(evidence);
}

interface Reads {
  readonly isOverwritten: Uint8Array;
  readonly lastRead: Int32Array;
  readonly readBefore: Int32Array;
}

// Finds the writer of what a read shows, and looks for the rest of that transaction in the other reads.
function checkSource(evidence: ReadEvidence, at: number, reads: Reads): void {
  const { log, versions, findings, words } = evidence;
  const { firstStep, stepWrites, stepOwner, outcome } = log;
  const transaction = stepOwner[at]!;
  const version = seenBy(log, versions, at);
  const written = version > INITIAL ? versions.step[version]! : -1;
  if (written === -1) return;
  const source = stepOwner[written]!;
  if (source === transaction || outcome[source] === FAIL) return;
  if (reads.isOverwritten[written] === 1) {
    findings.add('G1b', () => ({
      transactions: [source, transaction],
      message: `T2 saw T1's ${words(written)}, which T1 itself overwrote`,
    }));
  }
  for (let other = firstStep[source]!; other < firstStep[source + 1]!; other++) {
    if (stepWrites[other] === 0 || reads.isOverwritten[other] === 1) continue;
    const type = missedBy(evidence, reads, { at, other });
    if (type === undefined) continue;
    const what = log.stepKey[other] === log.stepKey[at] ? 'any more' : `its ${words(other)}`;
    findings.add(type, () => ({
      transactions: [source, transaction],
      message: `T2 saw T1's ${words(written)}, but ${type === 'OTV' ? 'afterwards ' : ''}not ${what}`,
    }));
  }
}

// The anomaly in which the reader of step `at` did not see the write of step `other`, in some read of that key.
function missedBy(
  { log, versions, assumed }: ReadEvidence,
  { lastRead, readBefore }: Reads,
  { at, other }: { readonly at: number; readonly other: number },
): 'OTV' | 'fractured-read' | undefined {
  const { firstStep, stepKey, stepOwner } = log;
  const isSame = stepKey[other] === stepKey[at];
  let isTorn = false;
  let hasLater = false;
  for (let read = lastRead[stepKey[other]!]!; read >= firstStep[stepOwner[at]!]!; read = readBefore[read]!) {
    const seen = seenBy(log, versions, read);
    if (seen === UNKNOWN) continue;
    const isLast = !hasLater;
    hasLater = true;
    // Before it saw the write it need not see it; where it read another key again, its last read of others counts.
    if (read === at || (read < at && (isSame || !isLast))) continue;
    const isOlder = versions.distance(seen, versions.ofStep[other]!) < Infinity;
    if (isOlder && read > at) return 'OTV';
    if (isOlder || (!isSame && assumed !== undefined && assumed(seen, versions.ofStep[other]!) < Infinity))
      isTorn = true;
  }
  return isTorn ? 'fractured-read' : undefined;
}

// The version of others that a read shows; UNKNOWN where it shows a write of its own transaction, and no more.
function seenBy({ stepOwner }: TransactionLog, { ofStep, step, beneath }: Versions, at: number): number {
  const version = ofStep[at]!;
  if (version < 0 || step[version] === -1 || stepOwner[step[version]!] !== stepOwner[at]) return version;
  return beneath?.(version) ?? UNKNOWN;
}

// Steps whose transaction writes the key again later: nobody else may see what they wrote.
function findOverwritten({ stepWrites, stepKey, stepOwner, keys }: TransactionLog): Uint8Array {
  const isOverwritten = bytes(stepKey.length);
  const lastWriter = integers(keys.length).fill(-1);
  for (let at = stepKey.length - 1; at >= 0; at--) {
    if (stepWrites[at] === 0) continue;
    if (lastWriter[stepKey[at]!] === stepOwner[at]) isOverwritten[at] = 1;
    else lastWriter[stepKey[at]!] = stepOwner[at]!;
  }
  return isOverwritten;
}
