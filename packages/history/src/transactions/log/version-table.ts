import { grown, integers } from './columns.js';
import { show } from '../show.js';
import { FAIL } from './transaction-log.js';
import type { TransactionLog } from './transaction-log.js';

/** Numbers for what is written to each key, as the steps come. */
export interface VersionTable {
  readonly count: number;
  /** By version: the step that wrote it, -1 for what was only read; and its key. Not copies: take them when all is in. */
  columns(): {
    readonly step: Int32Array;
    readonly key: Int32Array;
  };
  value(version: number): unknown;
  find(key: number, value: unknown): number | undefined;
  /** The version that a step writes. Throws `TypeError` where another that may have happened too wrote the same. */
  written(step: number): number;
  /** The version that a read shows, a new one if nobody wrote it. */
  read(key: number, value: unknown): number;
  /** The transaction that wrote a version, -1 for nobody. */
  writer(version: number): number;
}

/**
 * An empty table for the log's keys. Whole numbers, which is what elements are nearly always, are found by hashing in
 * columns: a map of a million entries, and one for each key, is what the garbage collector would walk through again and
 * again.
 */
export function createVersionTable({
  keys,
  outcome,
  operations,
  stepKey,
  stepWrites,
  stepValue,
  stepOwner,
}: TransactionLog): VersionTable {
  let room = 16;
  for (let at = 0; at < stepWrites.length; at++) room += stepWrites[at]!;
  let [step, key, whole] = [integers(room), integers(room), integers(room)];
  // Of each place a version and 1, so that 0 is free; at most half of them are taken.
  let places = integers(2 ** Math.ceil(Math.log2(room * 2)));
  const others = new Map<number, unknown>();
  const othersOf: (Map<unknown, number> | undefined)[] = [];
  let count = 0;

  const table: VersionTable = {
    get count() {
      return count;
    },
    columns: () => ({ step: step.subarray(0, count), key: key.subarray(0, count) }),
    value: (version) => (others.size > 0 && others.has(version) ? others.get(version) : whole[version]),
    find(k, one) {
      if (!isWhole(one)) return othersOf[k]?.get(one);
      const known = places[placeOf(k, one)]!;
      return known === 0 ? undefined : known - 1;
    },
    read: (k, one) => table.find(k, one) ?? add(k, one, -1),
    writer: (version) => (step[version] === -1 ? -1 : stepOwner[step[version]!]!),
    written(at) {
      const known = table.find(stepKey[at]!, stepValue[at]);
      if (known === undefined) return add(stepKey[at]!, stepValue[at], at);
      const [first, second] = [stepOwner[step[known]!]!, stepOwner[at]!];
      if (outcome[first] !== FAIL && outcome[second] !== FAIL) {
        const error = new TypeError(
          `Cannot check transactions: ${show(stepValue[at])} is written to ${show(keys[stepKey[at]!])} twice, by the operations invoked at ${operations[first]!.invoked} and ${operations[second]!.invoked}; every write to a key needs a value of its own`,
        );
        throw Object.assign(error, { operation: operations[second] });
      }
      // A failed attempt that was repeated with the same value: a read means the one that happened.
      if (outcome[first] === FAIL) step[known] = at;
      return known;
    },
  };
  return table;

  function add(k: number, one: unknown, at: number): number {
    if (count === room) grow();
    step[count] = at;
    key[count] = k;
    if (isWhole(one)) {
      whole[count] = one;
      places[placeOf(k, one)] = count + 1;
    } else {
      others.set(count, one);
      (othersOf[k] ??= new Map()).set(one, count);
    }
    return count++;
  }

  // Its place, or else the one it belongs in: the next free one from its hash on.
  function placeOf(k: number, one: number): number {
    const last = places.length - 1;
    let hash = Math.imul(Math.imul(k, 0x9e3779b1) ^ one, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let place = hash & last; ; place = (place + 1) & last) {
      const known = places[place]! - 1;
      if (known === -1 || (whole[known] === one && key[known] === k && !others.has(known))) return place;
    }
  }

  function grow(): void {
    room *= 2;
    [step, key, whole] = [grown(step, integers(room)), grown(key, integers(room)), grown(whole, integers(room))];
    places = integers(places.length * 2);
    for (let version = 0; version < count; version++)
      if (!others.has(version)) places[placeOf(key[version]!, whole[version]!)] = version + 1;
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
