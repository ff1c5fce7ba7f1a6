import { integers } from '../log/columns.js';
import type { ReadEvidence } from './read-evidence.js';
import { show } from '../show.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { Versions } from '../log/versions.js';

/**
 * Transactions that read a version and replaced it although another had done so: two that both read the same one, or,
 * where the order of the versions is known, one that did not see the next.
 */
export function findLostUpdates({ log, versions, findings, words }: ReadEvidence): void {
  const { outcome, stepWrites, stepKey, stepOwner, keys } = log;
  const updater = integers(versions.count + keys.length).fill(-1);
  const isTold = new Set<number>();
  for (let at = 0; at < stepKey.length; at++) {
    if (stepWrites[at] === 0 || outcome[stepOwner[at]!] !== OK) continue;
    const base = baseOf(log, versions, at);
    if (base < INITIAL) continue;
    const slot = base === INITIAL ? versions.count + stepKey[at]! : base;
    const other = updater[slot]!;
    if (other === -1) updater[slot] = at;
    else if (stepOwner[other] !== stepOwner[at]) {
      findings.add('lost-update', () => ({
        transactions: [stepOwner[other]!, stepOwner[at]!],
        message: `T1 and T2 both read the same version of ${show(keys[stepKey[at]!])} before T1's ${words(other)} and T2's ${words(at)}`,
      }));
    }
    const next = versions.between?.(base, versions.ofStep[at]!, stepKey[at]!) ?? -1;
    if (next === -1 || stepOwner[next] === stepOwner[at] || isTold.has(stepOwner[at]!)) continue;
    // Two that read the same are told above.
    if (outcome[stepOwner[next]!] === OK && baseOf(log, versions, next) === base) continue;
    isTold.add(stepOwner[at]!);
    findings.add('lost-update', () => ({
      transactions: [stepOwner[next]!, stepOwner[at]!],
      message: `T2 read ${show(keys[stepKey[at]!])} before T1's ${words(next)}, and its ${words(at)} came after that`,
    }));
  }
}

// The version that a transaction read last before its first write to a key, if step `at` is that; else UNKNOWN.
function baseOf(
  { firstStep, stepWrites, stepKey, stepOwner }: TransactionLog,
  { ofStep }: Versions,
  at: number,
): number {
  let base = UNKNOWN;
  for (let before = firstStep[stepOwner[at]!]!; before < at; before++) {
    if (stepKey[before] !== stepKey[at]) continue;
    if (stepWrites[before] === 1) return UNKNOWN;
    base = ofStep[before]!;
  }
  return base;
}
