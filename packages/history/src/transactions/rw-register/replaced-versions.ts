import { integers } from '../log/columns.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { RegisterVersions } from './register-versions.js';

/** Of each version the one that its transaction read before it wrote. */
export interface ReplacedVersions {
  /** UNKNOWN where the writer read nothing of the key, or nobody knows what. */
  of(version: number): number;
  /** True if no other version replaced the same. */
  isAlone(version: number): boolean;
}

/**
 * Finds what the last write of each transaction to a key replaced, as far as its first access to the key was a read.
 */
export function replacedVersions(
  { firstStep, stepKey, stepWrites }: TransactionLog,
  { ofStep, happened, count, key }: RegisterVersions,
): ReplacedVersions {
  const base = integers(count).fill(UNKNOWN);
  const times = new Map<number, number>();
  const name = (version: number): number => (base[version] === INITIAL ? -1 - key[version]! : base[version]!);
  for (let transaction = 0; transaction < happened.length; transaction++) {
    if (happened[transaction] === 0) continue;
    const first = new Map<number, number>();
    const last = new Map<number, number>();
    for (let at = firstStep[transaction]!; at < firstStep[transaction + 1]!; at++) {
      if (!first.has(stepKey[at]!)) first.set(stepKey[at]!, stepWrites[at] === 1 ? UNKNOWN : ofStep[at]!);
      if (stepWrites[at] === 1) last.set(stepKey[at]!, ofStep[at]!);
    }
    for (const [k, version] of last) {
      base[version] = first.get(k)!;
      if (base[version] !== UNKNOWN) times.set(name(version), (times.get(name(version)) ?? 0) + 1);
    }
  }
  return { of: (version) => base[version]!, isAlone: (version) => times.get(name(version)) === 1 };
}
