import { distributionTable, drawFromTable, toDistributionTable, type DistributionName, type DistributionTable, type Random } from '@chaos/stats';
import { checkMilliseconds } from './check-milliseconds.js';

/** How delays spread around their mean: evenly, by one of netem's laws, or by a table of your own ({@link DistributionTable}). */
export type Distribution = 'uniform' | DistributionName | DistributionTable;

/** A random delay. */
export interface DelayAttributes {
  /** The mean. */
  readonly delayMs: number;
  /** `uniform`: ± this; any other: one standard deviation. Default 0. */
  readonly jitterMs?: number;
  /** Default `uniform`. */
  readonly distribution?: Distribution;
}

/** Makes the function that draws delays, never below 0. Throws `RangeError` or `TypeError` for what makes no sense, named after `name`. */
export function delayLaw(name: string, attributes: DelayAttributes): (random: Random) => number {
  const { delayMs, jitterMs, distribution }: Required<DelayAttributes> = { jitterMs: 0, distribution: 'uniform', ...attributes };
  checkMilliseconds(name, delayMs);
  checkMilliseconds('jitterMs', jitterMs);
  if (distribution === 'uniform') return jitterMs === 0 ? () => delayMs : (random) => Math.max(0, delayMs + (random.next() * 2 - 1) * jitterMs);
  const table = typeof distribution === 'string' ? distributionTable(distribution) : toDistributionTable(distribution);
  return (random) => Math.max(0, drawFromTable(table, random, delayMs, jitterMs));
}
