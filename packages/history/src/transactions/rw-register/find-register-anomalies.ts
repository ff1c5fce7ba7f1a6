import { integers } from '../log/columns.js';
import type { Findings } from '../findings.js';
import { show } from '../show.js';
import { FAIL, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { RegisterVersions } from './register-versions.js';

interface Evidence {
  readonly log: TransactionLog;
  readonly versions: RegisterVersions;
  readonly findings: Findings;
  /** The key of a step, in words. */
  readonly name: (at: number) => string;
  /** A version's value, in words. */
  readonly value: (version: number) => string;
}

/**
 * What single reads of registers show, without a cycle: values out of nowhere or from a failed write, reads that
 * contradict their own transaction. Linear.
 */
export function findRegisterAnomalies(log: TransactionLog, versions: RegisterVersions, findings: Findings): void {
  const { outcome, firstStep, stepWrites, stepKey, stepOwner } = log;
  const { ofStep } = versions;
  const evidence: Evidence = {
    log,
    versions,
    findings,
    name: (at) => show(log.keys[stepKey[at]!]),
    value: (version) => (version === INITIAL ? 'nothing' : show(versions.value(version))),
  };
  tellCycles(evidence);
  // Of each key the last step of the transaction at hand, and its last write.
  const last = integers(log.keys.length).fill(-1);
  const lastWrite = integers(log.keys.length).fill(-1);
  for (let at = 0; at < stepKey.length; at++) {
    const transaction = stepOwner[at]!;
    if (outcome[transaction] !== OK) continue;
    const touched = last[stepKey[at]!]!;
    const before = touched >= firstStep[transaction]! ? touched : -1;
    last[stepKey[at]!] = at;
    if (stepWrites[at] === 1) {
      lastWrite[stepKey[at]!] = at;
      checkWrite(evidence, at, before);
    } else if (ofStep[at] !== UNKNOWN) {
      const own = lastWrite[stepKey[at]!]!;
      // A read in between does not make up for a write of one's own that is gone.
      checkRead(evidence, at, own >= firstStep[transaction]! && ofStep[own] !== ofStep[at] ? own : before);
    }
  }
}

function tellCycles({ log, versions, findings, value }: Evidence): void {
  const { step, order, key } = versions;
  for (const cycle of order.cycles) {
    findings.add('cyclic-versions', () => ({
      transactions: [...new Set(cycle.map((version) => log.stepOwner[step[version]!]!))],
      message: `of ${show(log.keys[key[cycle[0]!]!])}, the values ${cycle.slice(0, 8).map(value).join(', ')} each come before the others`,
    }));
  }
}

function checkRead({ log, versions, findings, name, value }: Evidence, at: number, before: number): void {
  const { outcome, stepOwner, stepWrites } = log;
  const { ofStep, step } = versions;
  const version = ofStep[at]!;
  if (before !== -1 && ofStep[before] !== version) {
    findings.add('internal', () => ({
      transactions: [stepOwner[at]!],
      message: `T1 ${stepWrites[before] === 1 ? 'wrote' : 'read'} ${value(ofStep[before]!)} ${stepWrites[before] === 1 ? 'to' : 'in'} ${name(at)}, then read ${value(version)}`,
      ...(stepWrites[before] === 1 ? { forbiddenBy: 'read-committed' as const } : {}),
    }));
  }
  if (version === INITIAL) return;
  const written = step[version]!;
  if (written === -1)
    findings.add('garbage-read', () => ({
      transactions: [stepOwner[at]!],
      message: `T1 read ${value(version)} in ${name(at)}, which nobody wrote`,
    }));
  else if (outcome[stepOwner[written]!] === FAIL)
    findings.add('G1a', () => ({
      transactions: [stepOwner[written]!, stepOwner[at]!],
      message: `T2 saw T1's write of ${value(version)} to ${name(at)}, yet T1 failed`,
    }));
  else if (stepOwner[written] === stepOwner[at] && written > at) {
    findings.add('future-read', () => ({
      transactions: [stepOwner[at]!],
      message: `T1 read ${value(version)} in ${name(at)} and wrote it only afterwards`,
    }));
  }
}

function checkWrite({ log, versions, findings, name, value }: Evidence, at: number, before: number): void {
  const { outcome, stepOwner, stepWrites } = log;
  const { ofStep, step } = versions;
  const version = before === -1 || stepWrites[before] === 1 ? UNKNOWN : ofStep[before]!;
  if (version < 0 || step[version] === -1 || outcome[stepOwner[step[version]!]!] !== FAIL) return;
  findings.add('dirty-update', () => ({
    transactions: [stepOwner[step[version]!]!, stepOwner[at]!],
    message: `T2 wrote ${value(ofStep[at]!)} to ${name(at)} over T1's write of ${value(version)}, yet T1 failed`,
  }));
}
