import { existsSync, readFileSync } from 'node:fs';
import { checkMilliseconds, CapabilityMissing } from '@chaos/spec';
import {
  distributionTable,
  drawFromTable,
  parseDistributionTable,
  toDistributionTable,
  type DistributionName,
  type DistributionTable,
  type Random,
} from '@chaos/stats';

/**
 * Distribution of delays around their mean: uniform, one of netem's tables (`experimental` only if iproute2 is
 * installed), or your own table.
 */
export type Distribution = 'uniform' | DistributionName | 'experimental' | DistributionTable;

/** A random delay. */
export interface DelayAttributes {
  /** Mean delay, ms. */
  readonly delayMs: number;
  /** `uniform`: ± this; any other: one standard deviation. Default 0. */
  readonly jitterMs?: number;
  /** Default `uniform`. */
  readonly distribution?: Distribution;
}

/**
 * Creates a function that draws delays, never below 0. Throws `RangeError` or `TypeError` for invalid values, named
 * after `name`, and `CapabilityMissing` if the measured distribution is not installed.
 */
export function delayLaw(
  name: string,
  { delayMs, jitterMs = 0, distribution = 'uniform' }: DelayAttributes,
): (random: Random) => number {
  checkMilliseconds(name, delayMs);
  checkMilliseconds('jitterMs', jitterMs);
  if (distribution === 'uniform')
    return jitterMs === 0 ? () => delayMs : (random) => Math.max(0, delayMs + (random.next() * 2 - 1) * jitterMs);
  const table = tableOf(distribution);
  return (random) => Math.max(0, drawFromTable(table, random, delayMs, jitterMs));
}

function tableOf(distribution: Exclude<Distribution, 'uniform'>): DistributionTable {
  if (typeof distribution !== 'string') return toDistributionTable(distribution);
  return distribution === 'experimental' ? installedTable(distribution) : distributionTable(distribution);
}

// The `experimental` table was measured, not computed, and its licence does not let us copy the file.
function installedTable(name: string): DistributionTable {
  const file = FOLDERS.map((folder) => `${folder}/${name}.dist`).find((path) => existsSync(path));
  if (file === undefined)
    throw new CapabilityMissing(`the distribution ${name}`, `${name}.dist is in none of ${FOLDERS.join(', ')}`, {
      hint: 'Install iproute2, or give a table of your own.',
    });
  return parseDistributionTable(readFileSync(file, 'utf8'));
}

/** Folders in which distributions keep iproute2's tables. */
const FOLDERS = [
  ...(process.env['TC_LIB_DIR'] === undefined ? [] : [process.env['TC_LIB_DIR']]),
  '/usr/lib/tc',
  '/usr/lib64/tc',
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/tc`,
  '/usr/share/tc',
];
