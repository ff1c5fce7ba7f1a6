import { bytes, integers } from '../log/columns.js';
import { INFO, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import { createVersionTable } from '../log/version-table.js';
import type { VersionTable } from '../log/version-table.js';
import type { Versions } from '../log/versions.js';
import { LAST, relateVersions } from './list-order.js';

/** The versions of lists: each element makes one, and the longest list that was read of a key orders them. */
export interface ListVersions extends Versions {
  /** Place of a version in its key's order, from 0; {@link LAST}, or -1 where nothing is known. */
  readonly place: Int32Array;
  /** Of each key: its versions in order, each once. */
  readonly order: readonly Int32Array[];
  /** Of each key: the step that read the longest list; -1 where none did. */
  readonly longest: Int32Array;
  /** Reads that are no beginning of their key's longest. */
  readonly strayReads: readonly number[];
  /** Reads whose list has an element twice, as far as they are their key's longest or stray. */
  readonly repeatingReads: readonly number[];
  /** The version of an element of a key; `undefined` where nobody appended it or read it. */
  find(key: number, element: unknown): number | undefined;
}

/**
 * Gives every appended element a number and finds the order of each key. Throws `TypeError` where an element was
 * appended twice to a key by transactions that may both have happened: then no read tells whose it is.
 */
export function createListVersions(log: TransactionLog): ListVersions {
  const { outcome, stepWrites, stepKey, stepOwner, keys } = log;
  const ofStep = integers(stepKey.length).fill(UNKNOWN);
  const table = createVersionTable(log);
  const longest = integers(keys.length).fill(-1);
  for (let at = 0; at < stepKey.length; at++) {
    const k = stepKey[at]!;
    if (stepWrites[at] === 1) ofStep[at] = table.written(at);
    else if (outcome[stepOwner[at]!] === OK && (longest[k] === -1 || lengthOf(log, at) > lengthOf(log, longest[k]!)))
      longest[k] = at;
  }
  const repeatingReads: number[] = [];
  const raw = readLongest(log, table, longest);
  const isSeen = bytes(table.count);
  const order = raw.map((versions, k) => {
    if (isFirst(versions, isSeen)) return versions;
    repeatingReads.push(longest[k]!);
    return Int32Array.from(new Set(versions));
  });
  const strayReads = numberReads(log, table, { ofStep, longest, raw, repeatingReads });
  const { count } = table;
  const placed = placeVersions(log, table, order);
  const { step, key } = table.columns();
  return {
    ofStep,
    step,
    key,
    ...placed,
    ...relateVersions({ ...placed, order, key, step, writer: table.writer }),
    value: table.value,
    count,
    order,
    longest,
    strayReads,
    repeatingReads,
    find: table.find,
  };
}

function lengthOf({ stepValue }: TransactionLog, at: number): number {
  return (stepValue[at] as readonly unknown[] | null)?.length ?? 0;
}

// The versions of each key's longest list: parts of one array.
function readLongest(log: TransactionLog, table: VersionTable, longest: Int32Array): Int32Array[] {
  let total = 0;
  for (const at of longest) if (at !== -1) total += lengthOf(log, at);
  const all = integers(total);
  let end = 0;
  return Array.from(longest, (at, k) => {
    const start = end;
    if (at !== -1 && lengthOf(log, at) > 0)
      for (const element of log.stepValue[at] as readonly unknown[]) all[end++] = table.read(k, element);
    return all.subarray(start, end);
  });
}

interface ReadLists {
  /** Gets the version of each read. */
  readonly ofStep: Int32Array;
  readonly longest: Int32Array;
  /** Of each key: the versions of its longest list, as they were read. */
  readonly raw: readonly Int32Array[];
  /** Gets the stray reads that repeat an element. */
  readonly repeatingReads: number[];
}

// Gives the reads their versions. Returns those that are no beginning of their key's longest.
function numberReads(
  log: TransactionLog,
  table: VersionTable,
  { ofStep, longest, raw, repeatingReads }: ReadLists,
): number[] {
  const { outcome, stepWrites, stepKey, stepValue, stepOwner } = log;
  const strayReads: number[] = [];
  for (let at = 0; at < stepKey.length; at++) {
    if (stepWrites[at] === 1 || outcome[stepOwner[at]!] !== OK) continue;
    const k = stepKey[at]!;
    const length = lengthOf(log, at);
    if (length === 0) ofStep[at] = INITIAL;
    else if (isBeginning(stepValue[at] as readonly unknown[], stepValue[longest[k]!] as readonly unknown[]))
      ofStep[at] = raw[k]![length - 1]!;
    else {
      const versions = Int32Array.from(stepValue[at] as readonly unknown[], (element) => table.read(k, element));
      if (new Set(versions).size < versions.length) repeatingReads.push(at);
      ofStep[at] = versions[length - 1]!;
      strayReads.push(at);
    }
  }
  return strayReads;
}

// Finds the place of each version, and the transactions that happened: of an unknown outcome, if a read shows a write
// of it.
function placeVersions(
  { outcome }: TransactionLog,
  { count, writer }: VersionTable,
  order: readonly Int32Array[],
): Pick<ListVersions, 'place' | 'happened'> {
  const place = integers(count).fill(-1);
  for (const versions of order) for (let at = 0; at < versions.length; at++) place[versions[at]!] = at;
  const happened = outcome.map((one) => (one === OK ? 1 : 0));
  for (let version = 0; version < count; version++)
    if (place[version] !== -1 && writer(version) !== -1 && outcome[writer(version)] === INFO)
      happened[writer(version)] = 1;
  for (let version = 0; version < count; version++)
    if (place[version] === -1 && writer(version) !== -1 && happened[writer(version)] === 1) place[version] = LAST;
  return { place, happened };
}

function isBeginning(list: readonly unknown[], longer: readonly unknown[]): boolean {
  for (let at = 0; at < list.length; at++) if (list[at] !== longer[at]) return false;
  return true;
}

// True if none of them has been seen before, in this list or another.
function isFirst(versions: Int32Array, isSeen: Uint8Array): boolean {
  let isFirst = true;
  for (let at = 0; at < versions.length; at++) {
    if (isSeen[versions[at]!] === 1) isFirst = false;
    isSeen[versions[at]!] = 1;
  }
  return isFirst;
}
