import { FAIL, INFO, OK } from '../transaction-log.js';
import type { TransactionLog } from '../transaction-log.js';
import { INITIAL, LAST, UNKNOWN } from '../versions.js';
import type { Versions } from '../versions.js';

/** The versions of lists: each element makes one, and the longest list that was read of a key orders them. */
export interface ListVersions extends Versions {
  /** Of each key: its versions in order, each once. */ readonly order: readonly Int32Array[];
  /** Of each key: the step that read the longest list; -1 where none did. */ readonly longest: Int32Array;
  /** Reads that are no beginning of their key's longest. */ readonly strayReads: readonly number[];
  /** Reads whose list has an element twice, as far as they are their key's longest or stray. */ readonly repeatingReads: readonly number[];
  /** The version of an element of a key; `undefined` where nobody appended it or read it. */ find(key: number, element: unknown): number | undefined;
}

/**
 * Gives every appended element a number and finds the order of each key. Throws `TypeError` where an element was appended
 * twice to a key by transactions that may both have happened: then no read tells whose it is.
 */
export function createListVersions(log: TransactionLog): ListVersions {
  const { outcome, stepWrites, stepKey, stepValue, stepOwner, keys } = log;
  const steps = stepKey.length;
  const ofStep = new Int32Array(steps).fill(UNKNOWN);
  const byElement = keys.map(() => new Map<unknown, number>());
  const step: number[] = [];
  const value: unknown[] = [];
  const key: number[] = [];
  const longest = new Int32Array(keys.length).fill(-1);
  for (let at = 0; at < steps; at++) {
    const k = stepKey[at]!;
    if (stepWrites[at] === 1) ofStep[at] = addWrite(k, at);
    else if (outcome[stepOwner[at]!] === OK && (longest[k] === -1 || lengthOf(at) > lengthOf(longest[k]!))) longest[k] = at;
  }

  const repeatingReads: number[] = [];
  const raw = keys.map((_, k) => versionsOf(longest[k]!));
  const order = raw.map((versions) => (new Set(versions).size === versions.length ? versions : Int32Array.from(new Set(versions))));
  for (let k = 0; k < keys.length; k++) if (order[k] !== raw[k]) repeatingReads.push(longest[k]!);
  const strayReads: number[] = [];
  for (let at = 0; at < steps; at++) {
    if (stepWrites[at] === 1 || outcome[stepOwner[at]!] !== OK) continue;
    const k = stepKey[at]!;
    const length = lengthOf(at);
    if (length === 0) ofStep[at] = INITIAL;
    else if (isBeginning(stepValue[at] as readonly unknown[], stepValue[longest[k]!] as readonly unknown[])) ofStep[at] = raw[k]![length - 1]!;
    else {
      const versions = versionsOf(at);
      if (new Set(versions).size < versions.length) repeatingReads.push(at);
      ofStep[at] = versions[length - 1]!;
      strayReads.push(at);
    }
  }

  const place = new Int32Array(step.length).fill(-1);
  for (const versions of order) for (let at = 0; at < versions.length; at++) place[versions[at]!] = at;
  const happened = Uint8Array.from(outcome, (one) => (one === OK ? 1 : 0));
  for (let version = 0; version < step.length; version++) if (place[version] !== -1 && ownerOf(version) !== -1 && outcome[ownerOf(version)] === INFO) happened[ownerOf(version)] = 1;
  for (let version = 0; version < step.length; version++) if (place[version] === -1 && ownerOf(version) !== -1 && happened[ownerOf(version)] === 1) place[version] = LAST;
  return { ofStep, step: Int32Array.from(step), place, happened, value, key, count: step.length, order, longest, strayReads, repeatingReads, find: (k, element) => byElement[k]?.get(element) };

  function ownerOf(version: number): number {
    return step[version] === -1 ? -1 : stepOwner[step[version]!]!;
  }

  function lengthOf(at: number): number {
    return (stepValue[at] as readonly unknown[] | null)?.length ?? 0;
  }

  function addWrite(k: number, at: number): number {
    const known = byElement[k]!.get(stepValue[at]);
    if (known === undefined) return addVersion(k, stepValue[at], at);
    const [first, second] = [outcome[stepOwner[step[known]!]!], outcome[stepOwner[at]!]];
    if (first !== FAIL && second !== FAIL) throw new TypeError(ambiguous(log, step[known]!, at));
    // A failed attempt that was repeated with the same element: a read means the one that happened.
    if (first === FAIL) step[known] = at;
    return known;
  }

  function addVersion(k: number, element: unknown, at: number): number {
    const version = step.push(at) - 1;
    value.push(element);
    key.push(k);
    byElement[k]!.set(element, version);
    return version;
  }

  function versionsOf(at: number): Int32Array {
    const list = at === -1 ? [] : ((stepValue[at] as readonly unknown[] | null) ?? []);
    const k = stepKey[at]!;
    return Int32Array.from(list, (element) => byElement[k]!.get(element) ?? addVersion(k, element, -1));
  }
}

function isBeginning(list: readonly unknown[], longer: readonly unknown[]): boolean {
  for (let at = 0; at < list.length; at++) if (list[at] !== longer[at]) return false;
  return true;
}

function ambiguous({ keys, stepKey, stepValue, stepOwner, operations }: TransactionLog, first: number, second: number): string {
  const [one, other] = [first, second].map((at) => operations[stepOwner[at]!]!.invoked);
  return `Cannot check list-append: ${JSON.stringify(stepValue[second])} is appended to ${JSON.stringify(keys[stepKey[second]!])} twice, by the operations invoked at ${one} and ${other}; every append to a key needs an element of its own`;
}
