import { bytes, integers } from './columns.js';
import type { Findings } from './findings.js';
import { show } from './show.js';
import { FAIL, OK } from './transaction-log.js';
import type { TransactionLog } from './transaction-log.js';
import { INITIAL } from './versions.js';
import type { Versions } from './versions.js';

/** Words for a write of one version: `append of 5 to x`. */
export type WriteWords = (step: number) => string;

/**
 * What reads show of the transactions they read from, whatever the type of the values: intermediate reads, lost
 * updates, transactions seen in part. Linear.
 */
export function findReadAnomalies(
  log: TransactionLog,
  versions: Versions,
  { findings, words }: { findings: Findings; words: WriteWords },
): void {
  const { operations, outcome, firstStep, stepWrites, stepKey, stepOwner, keys } = log;
  const { ofStep, step } = versions;
  const isOverwritten = findOverwritten(log);
  const updater = integers(versions.count + keys.length).fill(-1);
  const readAt = integers(keys.length).fill(-1);
  for (let transaction = 0; transaction < operations.length; transaction++) {
    if (outcome[transaction] !== OK) continue;
    const from = firstStep[transaction]!;
    const end = firstStep[transaction + 1]!;
    for (let at = from; at < end; at++) {
      if (stepWrites[at] === 1) checkUpdate(at, from);
      else readAt[stepKey[at]!] = at;
    }
    for (let at = from; at < end; at++) if (stepWrites[at] === 0) checkSource(transaction, at);
  }

  function checkSource(transaction: number, at: number): void {
    const source = sourceOf(at);
    if (source === -1 || source === transaction || outcome[source] === FAIL) return;
    const written = step[ofStep[at]!]!;
    if (isOverwritten[written] === 1) {
      findings.add('G1b', () => ({
        transactions: [source, transaction],
        message: `T2 saw T1's ${words(written)}, which T1 itself overwrote`,
      }));
    }
    for (let other = firstStep[source]!; other < firstStep[source + 1]!; other++) {
      const key = stepKey[other]!;
      const read = readAt[key]!;
      if (
        stepWrites[other] === 0 ||
        isOverwritten[other] === 1 ||
        key === stepKey[at] ||
        read < firstStep[transaction]! ||
        stepOwner[read] !== transaction
      )
        continue;
      if (
        sourceOf(read) === transaction ||
        ofStep[read]! < INITIAL ||
        versions.distance(ofStep[read]!, ofStep[other]!) === Infinity
      )
        continue;
      findings.add(read > at ? 'OTV' : 'fractured-read', () => ({
        transactions: [source, transaction],
        message: `T2 saw T1's ${words(written)}, but ${read > at ? 'afterwards ' : ''}not its ${words(other)}`,
      }));
    }
  }

  // The first access to a key is a read, and a write follows.
  function checkUpdate(at: number, from: number): void {
    const read = readAt[stepKey[at]!]!;
    if (read < from) return;
    let first = from;
    while (stepKey[first] !== stepKey[at]) first++;
    if (stepWrites[first] === 1 || ofStep[first]! < INITIAL) return;
    const slot = ofStep[first] === INITIAL ? versions.count + stepKey[at]! : ofStep[first]!;
    const other = updater[slot]!;
    if (other === -1) updater[slot] = at;
    else if (stepOwner[other] !== stepOwner[at]) {
      findings.add('lost-update', () => ({
        transactions: [stepOwner[other]!, stepOwner[at]!],
        message: `T1 and T2 both read the same version of ${show(keys[stepKey[at]!])} before T1's ${words(other)} and T2's ${words(at)}`,
      }));
    }
  }

  function sourceOf(at: number): number {
    const version = ofStep[at]!;
    return version >= 0 && step[version] !== -1 ? stepOwner[step[version]!]! : -1;
  }
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
