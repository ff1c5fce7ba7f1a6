import { bytes, integers } from '../log/columns.js';
import { INFO, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { createVersionTable } from '../log/version-table.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { Versions } from '../log/versions.js';
import { createVersionOrder } from './version-order.js';
import type { VersionOrder } from './version-order.js';

/**
 * The versions of registers: each value makes one. What a transaction read before it wrote, and its own writes, order
 * them.
 */
export interface RegisterVersions extends Versions {
  readonly order: VersionOrder;
  /** The transaction that wrote a version; -1 where nobody did or it is not known to have happened. */
  readonly writer: Int32Array;
  readonly isRead: Uint8Array;
}

/**
 * Gives every value of a key a number and orders what can be ordered. Throws `TypeError` where two writes that may both
 * have happened wrote the same.
 */
export function createRegisterVersions(log: TransactionLog): RegisterVersions {
  const { outcome, stepWrites, stepKey, stepValue, stepOwner } = log;
  const table = createVersionTable(log);
  const ofStep = integers(stepKey.length).fill(UNKNOWN);
  for (let at = 0; at < ofStep.length; at++) if (stepWrites[at] === 1) ofStep[at] = table.written(at);
  for (let at = 0; at < ofStep.length; at++) {
    if (stepWrites[at] === 1 || outcome[stepOwner[at]!] !== OK) continue;
    ofStep[at] =
      stepValue[at] === null || stepValue[at] === undefined ? INITIAL : table.read(stepKey[at]!, stepValue[at]);
  }
  const { count } = table;
  const isRead = bytes(count);
  const happened = outcome.map((one) => (one === OK ? 1 : 0));
  for (let at = 0; at < ofStep.length; at++) {
    if (stepWrites[at] === 1 || ofStep[at]! < 0) continue;
    isRead[ofStep[at]!] = 1;
    const writer = table.writer(ofStep[at]!);
    if (writer !== -1 && outcome[writer] === INFO) happened[writer] = 1;
  }
  const writer = Int32Array.from({ length: count }, (_, version) => {
    const transaction = table.writer(version);
    return transaction !== -1 && happened[transaction] === 1 ? transaction : -1;
  });
  const order = createVersionOrder(log, { ofStep, happened, count });
  return {
    ofStep,
    ...table.columns(),
    happened,
    value: table.value,
    count,
    writer,
    isRead,
    order,
    distance: order.distance,
    // Only where a transaction read the key more than once, and not the same.
    between(earlier, later) {
      const before = order.previous[later]!;
      if (before === -1 || before === earlier || writer[before] === -1) return -1;
      return earlier === INITIAL || order.distance(earlier, before) < Infinity ? table.columns().step[before]! : -1;
    },
  };
}
