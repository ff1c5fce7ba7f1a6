import type { Findings } from '../findings.js';
import { show, showList } from '../show.js';
import { OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';

type List = readonly unknown[];

/** A step and its transaction. */
interface Place {
  readonly transaction: number;
  readonly at: number;
}

/**
 * Reads that contradict what their own transaction did before (`internal`) or does later (`future-read`). Not to see an
 * append of one's own is forbidden everywhere; a second read that differs from the first only from read atomic on.
 */
export function findInternalLists(log: TransactionLog, findings: Findings): void {
  const { operations, outcome, firstStep, stepWrites } = log;
  for (let transaction = 0; transaction < operations.length; transaction++) {
    const from = firstStep[transaction]!;
    const end = firstStep[transaction + 1]!;
    if (outcome[transaction] !== OK || end - from < 2) continue;
    for (let at = from; at < end; at++) {
      // Nearly every step is its transaction's first on the key.
      if (!isTouched(log, from, at)) continue;
      if (stepWrites[at] === 1) checkFuture(log, findings, { transaction, at });
      else checkRead(log, findings, { transaction, at });
    }
  }
}

function checkRead(log: TransactionLog, findings: Findings, { transaction, at }: Place): void {
  const { firstStep, stepKey, stepWrites, stepValue } = log;
  const own: unknown[] = [];
  let before = at - 1;
  for (; before >= firstStep[transaction]!; before--) {
    if (stepKey[before] !== stepKey[at]) continue;
    if (stepWrites[before] === 0) break;
    own.unshift(stepValue[before]);
  }
  const hasRead = before >= firstStep[transaction]!;
  const read = listOf(log, at);
  const start = read.length - own.length;
  const base = hasRead ? listOf(log, before) : undefined;
  const isRight =
    own.every((element, place) => read[start + place] === element) &&
    (base === undefined || (base.length === start && base.every((element, place) => read[place] === element)));
  if (isRight) return;
  const seesOwn = appendsBefore(log, { transaction, at }).every((element) => read.includes(element));
  findings.add('internal', () => ({
    transactions: [transaction],
    message: `T1 ${[base && `read ${name(log, at)} as ${showList(base)}`, ...own.map((element) => `appended ${show(element)} to ${name(log, at)}`)].filter(Boolean).join(', ')}, then read it as ${showList(read)}`,
    ...(seesOwn ? {} : { forbiddenBy: 'read-committed' as const }),
  }));
}

// All that the transaction has appended to the key so far: a read in between does not make up for what is gone.
function appendsBefore(
  { firstStep, stepKey, stepWrites, stepValue }: TransactionLog,
  { transaction, at }: Place,
): unknown[] {
  const own: unknown[] = [];
  for (let before = firstStep[transaction]!; before < at; before++)
    if (stepWrites[before] === 1 && stepKey[before] === stepKey[at]) own.push(stepValue[before]);
  return own;
}

function isTouched({ stepKey }: TransactionLog, from: number, at: number): boolean {
  for (let before = from; before < at; before++) if (stepKey[before] === stepKey[at]) return true;
  return false;
}

function checkFuture(log: TransactionLog, findings: Findings, { transaction, at }: Place): void {
  const { firstStep, stepKey, stepWrites, stepValue } = log;
  for (let before = firstStep[transaction]!; before < at; before++) {
    if (stepWrites[before] === 1 || stepKey[before] !== stepKey[at] || !listOf(log, before).includes(stepValue[at]))
      continue;
    findings.add('future-read', () => ({
      transactions: [transaction],
      message: `T1 read ${show(stepValue[at])} in ${name(log, at)} and appended it only afterwards`,
    }));
  }
}

function listOf({ stepValue }: TransactionLog, at: number): List {
  return (stepValue[at] as List | null) ?? [];
}

function name({ keys, stepKey }: TransactionLog, at: number): string {
  return show(keys[stepKey[at]!]);
}
