import { show } from './show.js';
import { FAIL } from './transaction-log.js';
import type { TransactionLog } from './transaction-log.js';

/** Numbers for what is written to each key, as the steps come. */
export interface VersionTable {
  /** The step that wrote a version; -1 for what was only read. */ readonly step: number[];
  readonly value: unknown[];
  readonly key: number[];
  find(key: number, value: unknown): number | undefined;
  /** The version that a step writes. Throws `TypeError` where another that may have happened too wrote the same. */ written(step: number): number;
  /** The version that a read shows, a new one if nobody wrote it. */ read(key: number, value: unknown): number;
  /** The transaction that wrote a version, -1 for nobody. */ writer(version: number): number;
}

/** An empty table for the log's keys. */
export function createVersionTable({ keys, outcome, operations, stepKey, stepValue, stepOwner }: TransactionLog): VersionTable {
  const byValue = keys.map(() => new Map<unknown, number>());
  const step: number[] = [];
  const value: unknown[] = [];
  const key: number[] = [];
  const find = (k: number, one: unknown): number | undefined => byValue[k]!.get(one);
  const add = (k: number, one: unknown, at: number): number => {
    const version = step.push(at) - 1;
    value.push(one);
    key.push(k);
    byValue[k]!.set(one, version);
    return version;
  };
  return {
    step,
    value,
    key,
    find,
    read: (k, one) => find(k, one) ?? add(k, one, -1),
    writer: (version) => (step[version] === -1 ? -1 : stepOwner[step[version]!]!),
    written(at) {
      const known = find(stepKey[at]!, stepValue[at]);
      if (known === undefined) return add(stepKey[at]!, stepValue[at], at);
      const [first, second] = [stepOwner[step[known]!]!, stepOwner[at]!];
      if (outcome[first] !== FAIL && outcome[second] !== FAIL) {
        throw new TypeError(
          `Cannot check transactions: ${show(stepValue[at])} is written to ${show(keys[stepKey[at]!])} twice, by the operations invoked at ${operations[first]!.invoked} and ${operations[second]!.invoked}; every write to a key needs a value of its own`,
        );
      }
      // A failed attempt that was repeated with the same value: a read means the one that happened.
      if (outcome[first] === FAIL) step[known] = at;
      return known;
    },
  };
}
