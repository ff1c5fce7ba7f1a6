import type { Coverage } from '../verdict.js';
import { FAIL, INFO, OK } from './log/transaction-log.js';
import type { TransactionLog } from './log/transaction-log.js';
import type { Versions } from './log/versions.js';

/** The ground of a verdict about transactions. */
export interface TransactionCoverage extends Coverage {
  /** Reads of transactions that ended `ok`. */
  readonly reads: number;
  /** Writes of transactions that ended `ok`. */
  readonly writes: number;
  /** Share of those writes that some read shows. */
  readonly observedWrites: number;
  /** Share of those writes whose place in their key's order is known. */
  readonly orderedVersions: number;
  /** Share of transactions whose outcome nobody knows. */
  readonly infoShare: number;
}

/** Knowledge of a version. */
interface Sight {
  /** True if a read shows it. */
  readonly isObserved: (version: number) => boolean;
  /** True if its predecessor is known. */
  readonly isOrdered: (version: number) => boolean;
}

/** Counts what happened and how much of it was seen. */
export function measureCoverage(
  { outcome, stepWrites, stepOwner }: TransactionLog,
  { ofStep }: Versions,
  { isObserved, isOrdered }: Sight,
): TransactionCoverage {
  const outcomes = [0, 0, 0];
  for (let at = 0; at < outcome.length; at++) outcomes[outcome[at]!]!++;
  const [ok, fail, info] = [outcomes[OK]!, outcomes[FAIL]!, outcomes[INFO]!];
  let [reads, writes, observed, ordered] = [0, 0, 0, 0];
  for (let at = 0; at < stepOwner.length; at++) {
    if (outcome[stepOwner[at]!] !== OK) continue;
    if (stepWrites[at] === 0) {
      reads++;
      continue;
    }
    writes++;
    if (isObserved(ofStep[at]!)) observed++;
    if (isOrdered(ofStep[at]!)) ordered++;
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    operations: outcome.length,
    ok,
    fail,
    info,
    reads,
    writes,
    observedWrites: share(observed, writes),
    orderedVersions: share(ordered, writes),
    infoShare: share(info, outcome.length),
  };
}

/** Why a history proves too little to pass; `undefined` where it proves enough. */
export function reasonForDoubt(
  { operations, ok, reads, writes, observedWrites, orderedVersions }: TransactionCoverage,
  minimumObserved: number,
): string | undefined {
  if (operations === 0) return 'the history has no transaction (an operation whose f is "txn")';
  if (ok === 0) return `none of ${operations} transactions ended ok`;
  if (reads === 0 || writes === 0) return `no transaction that ended ok ${reads === 0 ? 'read' : 'wrote'} anything`;
  if (observedWrites === 0) return `no read shows any of ${writes} acknowledged writes`;
  if (observedWrites < minimumObserved)
    return `reads show ${(observedWrites * 100).toFixed(1)} % of ${writes} acknowledged writes, want at least ${minimumObserved * 100} %`;
  if (orderedVersions < minimumObserved) {
    return `of ${(orderedVersions * 100).toFixed(1)} % of ${writes} acknowledged writes it is known what they came after, want at least ${minimumObserved * 100} %: let transactions read a key before they write it`;
  }
  return undefined;
}
