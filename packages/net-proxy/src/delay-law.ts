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
 * How delays spread around their mean: evenly, by one of netem's laws (`experimental` only where iproute2 is
 * installed), or by a table of your own.
 */
export type Distribution = 'uniform' | DistributionName | 'experimental' | DistributionTable;

/** A random delay. */
export interface DelayAttributes {
  /** The mean. */
  readonly delayMs: number;
  /** `uniform`: ± this; any other: one standard deviation. Default 0. */
  readonly jitterMs?: number;
  /** Default `uniform`. */
  readonly distribution?: Distribution;
}

/**
 * Makes the function that draws delays, never below 0. Throws `RangeError` or `TypeError` for what makes no sense,
 * named after `name`, and `CapabilityMissing` where the measured law is not installed.
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

// It was measured, not computed, and its file is not ours to copy.
function installedTable(name: string): DistributionTable {
  const file = FOLDERS.map((folder) => `${folder}/${name}.dist`).find((path) => existsSync(path));
  if (file === undefined)
    throw new CapabilityMissing(`the distribution ${name}`, `${name}.dist is in none of ${FOLDERS.join(', ')}`, {
      hint: 'Install iproute2, or give a table of your own.',
    });
  return parseDistributionTable(readFileSync(file, 'utf8'));
}

/** Where distributions keep iproute2's tables. */
const FOLDERS = [
  ...(process.env['TC_LIB_DIR'] === undefined ? [] : [process.env['TC_LIB_DIR']]),
  '/usr/lib/tc',
  '/usr/lib64/tc',
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/tc`,
  '/usr/share/tc',
];
