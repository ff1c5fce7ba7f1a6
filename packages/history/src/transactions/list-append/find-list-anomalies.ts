import { integers } from '../log/columns.js';
import type { Findings } from '../findings.js';
import { show, showList } from '../show.js';
import { FAIL, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import type { ListVersions } from './list-versions.js';

/**
 * Finds what single reads of lists show, without a cycle: elements twice, out of nowhere, or from a failed append;
 * orders that differ. Linear in what was read.
 */
export function findListAnomalies(log: TransactionLog, versions: ListVersions, findings: Findings): void {
  const reads: ListReads = {
    log,
    versions,
    findings,
    key: (at) => show(log.keys[log.stepKey[at]!]),
    list: (at) => (log.stepValue[at] as readonly unknown[] | null) ?? [],
  };
  findRepeats(reads);
  findStrayReads(reads);
  findOwnOrder(reads);
  const suspects = new Set<number>();
  for (let k = 0; k < log.keys.length; k++) {
    if (versions.longest[k] === -1) continue;
    for (const version of versions.order[k]!) if (!happened(reads, version)) suspects.add(version);
    findDirtyUpdates(reads, k);
  }
  if (suspects.size > 0) checkReaders(log, versions, suspects, (at, version) => checkElement(reads, at, version));
}

/** The reads of a history, and their key and list for messages, by step. */
interface ListReads {
  readonly log: TransactionLog;
  readonly versions: ListVersions;
  readonly findings: Findings;
  key(at: number): string;
  list(at: number): readonly unknown[];
}

function findRepeats({ log, versions, findings, key, list }: ListReads): void {
  for (const at of versions.repeatingReads) {
    findings.add('duplicate-elements', () => {
      const twice = list(at).find((element, place) => list(at).indexOf(element) !== place);
      return {
        transactions: [log.stepOwner[at]!],
        message: `T1 read ${key(at)} as ${showList(list(at))}, with ${show(twice)} twice`,
      };
    });
  }
}

function findStrayReads(reads: ListReads): void {
  const { log, versions, findings, key, list } = reads;
  const { stepKey, stepOwner } = log;
  for (const at of versions.strayReads) {
    const other = versions.longest[stepKey[at]!]!;
    findings.add('incompatible-order', () => ({
      transactions: [stepOwner[other]!, stepOwner[at]!],
      message: `T1 read ${key(at)} as ${showList(list(other))}, T2 read it as ${showList(list(at))}: neither begins with the other`,
    }));
    for (const element of list(at)) checkElement(reads, at, versions.find(stepKey[at]!, element)!);
  }
}

// A transaction's appends to a key keep their order, and the later ones are not there without the earlier.
function findOwnOrder({ log, versions, findings, key, list }: ListReads): void {
  const { keys, stepKey, stepValue, stepOwner, stepWrites } = log;
  const { happened: hasHappened, ofStep, place, longest } = versions;
  const last = integers(keys.length).fill(-1);
  for (let at = 0; at < stepKey.length; at++) {
    if (stepWrites[at] === 0 || hasHappened[stepOwner[at]!] === 0) continue;
    const before = last[stepKey[at]!]!;
    last[stepKey[at]!] = at;
    if (before === -1 || stepOwner[before] !== stepOwner[at]) continue;
    if (place[ofStep[before]!]! <= place[ofStep[at]!]!) continue;
    const reader = longest[stepKey[at]!]!;
    findings.add('incompatible-order', () => ({
      transactions: [stepOwner[at]!, stepOwner[reader]!],
      message: `T1 appended ${show(stepValue[before])} to ${key(at)} and then ${show(stepValue[at])}, yet T2 read it as ${showList(list(reader))}`,
    }));
  }
}

function happened({ log, versions }: ListReads, version: number): boolean {
  const step = versions.step[version]!;
  return step !== -1 && log.outcome[log.stepOwner[step]!] !== FAIL;
}

function checkElement(reads: ListReads, at: number, version: number): void {
  const { log, versions, findings, key } = reads;
  const { stepOwner } = log;
  const step = versions.step[version]!;
  const element = show(versions.value(version));
  if (step === -1)
    findings.add('garbage-read', () => ({
      transactions: [stepOwner[at]!],
      message: `T1 read ${element} in ${key(at)}, which nobody appended`,
    }));
  else if (!happened(reads, version)) {
    findings.add('G1a', () => ({
      transactions: [stepOwner[step]!, stepOwner[at]!],
      message: `T2 saw T1's append of ${element} to ${key(at)}, yet T1 failed`,
    }));
  }
}

// Appends of unknown outcome in between pass the dirt on.
function findDirtyUpdates({ log, versions, findings }: ListReads, k: number): void {
  const { keys, stepOwner } = log;
  let dirty = -1;
  for (const version of versions.order[k]!) {
    const step = versions.step[version]!;
    if (step === -1) continue;
    const outcome = log.outcome[stepOwner[step]!];
    if (outcome === FAIL) dirty = version;
    else if (outcome === OK && dirty !== -1) {
      const under = dirty;
      findings.add('dirty-update', () => ({
        transactions: [stepOwner[versions.step[under]!]!, stepOwner[step]!],
        message: `T2 appended ${show(versions.value(version))} to ${show(keys[k])} after T1's append of ${show(versions.value(under))}, yet T1 failed`,
      }));
      dirty = -1;
    }
  }
}

/** Tells of each suspect the first read that shows it. */
function checkReaders(
  log: TransactionLog,
  { ofStep, place, order }: ListVersions,
  suspects: ReadonlySet<number>,
  tell: (at: number, version: number) => void,
): void {
  const byKey = log.keys.map((_, k) => order[k]!.filter((version) => suspects.has(version)));
  const told = new Set<number>();
  for (let at = 0; at < log.stepKey.length; at++) {
    const version = ofStep[at]!;
    if (log.stepWrites[at] === 1 || version < 0) continue;
    for (const suspect of byKey[log.stepKey[at]!]!) {
      if (told.has(suspect) || place[suspect]! > place[version]!) continue;
      told.add(suspect);
      tell(at, suspect);
    }
  }
}
