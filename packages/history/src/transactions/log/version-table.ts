import { grown, integers } from './columns.js';
import { show } from '../show.js';
import { FAIL } from './transaction-log.js';
import type { TransactionLog } from './transaction-log.js';

/** Numbers for what is written to each key, as the steps come. */
export interface VersionTable {
  readonly count: number;
  /**
   * By version: the step that wrote it, -1 for what was only read; and its key. Not copies: take them when all is in.
   */
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

/** An empty table for the log's keys. */
export function createVersionTable(log: TransactionLog): VersionTable {
  return new ColumnTable(log);
}

/**
 * Finds whole numbers, which is what elements are nearly always, by hashing in columns: a map of a million entries, and
 * one for each key, is what the garbage collector would walk through again and again.
 */
class ColumnTable implements VersionTable {
  count = 0;
  readonly #log: TransactionLog;
  #room = 16;
  #step: Int32Array;
  #key: Int32Array;
  #whole: Int32Array;
  // Of each place a version and 1, so that 0 is free; at most half of them are taken.
  #places: Int32Array;
  readonly #others = new Map<number, unknown>();
  readonly #othersOf: (Map<unknown, number> | undefined)[] = [];

  constructor(log: TransactionLog) {
    this.#log = log;
    for (let at = 0; at < log.stepWrites.length; at++) this.#room += log.stepWrites[at]!;
    [this.#step, this.#key, this.#whole] = [integers(this.#room), integers(this.#room), integers(this.#room)];
    this.#places = integers(2 ** Math.ceil(Math.log2(this.#room * 2)));
  }

  columns(): { readonly step: Int32Array; readonly key: Int32Array } {
    return { step: this.#step.subarray(0, this.count), key: this.#key.subarray(0, this.count) };
  }

  readonly value = (version: number): unknown =>
    this.#others.size > 0 && this.#others.has(version) ? this.#others.get(version) : this.#whole[version];

  readonly find = (key: number, value: unknown): number | undefined => {
    if (!isWhole(value)) return this.#othersOf[key]?.get(value);
    const known = this.#places[this.#placeOf(key, value)]!;
    return known === 0 ? undefined : known - 1;
  };

  readonly read = (key: number, value: unknown): number => this.find(key, value) ?? this.#add(key, value, -1);

  readonly writer = (version: number): number => {
    const step = this.#step[version]!;
    return step === -1 ? -1 : this.#log.stepOwner[step]!;
  };

  readonly written = (at: number): number => {
    const { outcome, stepKey, stepValue, stepOwner } = this.#log;
    const known = this.find(stepKey[at]!, stepValue[at]);
    if (known === undefined) return this.#add(stepKey[at]!, stepValue[at], at);
    const before = this.#step[known]!;
    const hasFailed = outcome[stepOwner[before]!] === FAIL;
    if (!hasFailed && outcome[stepOwner[at]!] !== FAIL) throw writtenTwice(this.#log, before, at);
    // A failed attempt that was repeated with the same value: a read means the one that happened.
    if (hasFailed) this.#step[known] = at;
    return known;
  };

  #add(key: number, value: unknown, at: number): number {
    if (this.count === this.#room) this.#grow();
    const version = this.count++;
    this.#step[version] = at;
    this.#key[version] = key;
    if (isWhole(value)) {
      this.#places[this.#placeOf(key, value)] = version + 1;
      this.#whole[version] = value;
    } else {
      this.#others.set(version, value);
      (this.#othersOf[key] ??= new Map()).set(value, version);
    }
    return version;
  }

  // Its place, or else the one it belongs in: the next free one from its hash on.
  #placeOf(key: number, value: number): number {
    const places = this.#places;
    const last = places.length - 1;
    let hash = Math.imul(Math.imul(key, 0x9e3779b1) ^ value, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let place = hash & last; ; place = (place + 1) & last) {
      const known = places[place]! - 1;
      if (known === -1) return place;
      if (this.#whole[known] === value && this.#key[known] === key && !this.#others.has(known)) return place;
    }
  }

  #grow(): void {
    this.#room *= 2;
    this.#step = grown(this.#step, integers(this.#room));
    this.#key = grown(this.#key, integers(this.#room));
    this.#whole = grown(this.#whole, integers(this.#room));
    this.#places = integers(this.#places.length * 2);
    for (let version = 0; version < this.count; version++)
      if (!this.#others.has(version))
        this.#places[this.#placeOf(this.#key[version]!, this.#whole[version]!)] = version + 1;
  }
}

function writtenTwice(
  { keys, operations, stepKey, stepValue, stepOwner }: TransactionLog,
  first: number,
  second: number,
): TypeError {
  const [one, two] = [operations[stepOwner[first]!]!, operations[stepOwner[second]!]!];
  const error = new TypeError(
    `Cannot check transactions: ${show(stepValue[second])} is written to ${show(keys[stepKey[second]!])} ` +
      `twice, by the operations invoked at ${one.invoked} and ${two.invoked}; ` +
      'every write to a key needs a value of its own',
  );
  return Object.assign(error, { operation: two });
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
