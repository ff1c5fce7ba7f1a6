import { normalQuantile } from './intervals/normal-quantile.js';
import type { Random } from './random.js';

/** Distributions of delay that netem ships a table for and that follow from a formula. */
export type DistributionName = 'normal' | 'pareto' | 'paretonormal';

/**
 * A distribution as netem (tc-netem(8)) knows it: its quantiles at equal steps of probability, in standard deviations
 * times 8192, each a signed 16-bit integer. A delay is `mean + deviation * entry / 8192` with an entry drawn uniformly.
 */
export type DistributionTable = Int16Array;

/** One standard deviation in a {@link DistributionTable}. */
const SCALE = 8192;
const ENTRIES = 4096;
/** As many as the kernel takes. */
const MOST_ENTRIES = 16_384;

/**
 * The table of a named law, 4096 entries. `pareto` has the shape 3, moved by its mean 3/2 and stretched by 4/3, and
 * ends at +4 like netem's; `paretonormal` is a quarter of the normal and three quarters of it. They differ from the
 * files of iproute2 by rounding and in the outermost entries of the normal one. Throws `TypeError` for an unknown name.
 */
export function distributionTable(name: DistributionName): DistributionTable {
  const quantile = QUANTILES[name];
  if (quantile === undefined)
    throw new TypeError(
      `Cannot use a distribution: current name is ${JSON.stringify(name)}, known are ${Object.keys(QUANTILES).join(', ')}`,
    );
  return Int16Array.from({ length: ENTRIES }, (_, index) => Math.round(clamp(quantile(index) * SCALE)));
}

/**
 * Reads netem's text format (`/usr/lib/tc/*.dist`): integers between white space, comments from `#` to the end of the
 * line. Throws `SyntaxError` with the line for anything else, `RangeError` for a value outside 16 bits, no or more than
 * 16384 entries.
 */
export function parseDistributionTable(text: string): DistributionTable {
  const values: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    for (const word of line.replace(/#.*/, '').trim().split(/\s+/)) {
      if (word === '') continue;
      if (!/^[+-]?\d+$/.test(word))
        throw new SyntaxError(
          `Cannot read a distribution table: line ${index + 1} has ${JSON.stringify(word)}, it must be integers`,
        );
      values.push(Number(word));
    }
  }
  return toDistributionTable(values);
}

/**
 * Checks and copies entries of your own. Throws `RangeError` as {@link parseDistributionTable} does, `TypeError` for
 * what is no list.
 */
export function toDistributionTable(values: ArrayLike<number>): DistributionTable {
  if (typeof values !== 'object' || values === null)
    throw new TypeError(`Cannot use a distribution table: current value is ${String(values)}`);
  if (values.length < 1 || values.length > MOST_ENTRIES)
    throw new RangeError(
      `Cannot use a distribution table: it has ${values.length} entries, it must have 1 to ${MOST_ENTRIES}`,
    );
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isInteger(value) || value < -32_768 || value > 32_767)
      throw new RangeError(
        `Cannot use a distribution table: entry ${index} is ${value}, it must be an integer from -32768 to 32767`,
      );
  }
  return Int16Array.from(values);
}

/** The table in netem's text format, for `tc`. */
export function formatDistributionTable(table: DistributionTable): string {
  const lines: string[] = [];
  for (let index = 0; index < table.length; index += 8) lines.push(` ${table.subarray(index, index + 8).join(' ')}`);
  return `${lines.join('\n')}\n`;
}

/** Draws a value of this mean and deviation, as netem does. May be negative where the table is. */
export function drawFromTable(table: DistributionTable, random: Random, mean: number, deviation: number): number {
  return deviation === 0
    ? mean
    : mean + (deviation * (table[Math.floor(random.next() * table.length)] as number)) / SCALE;
}

const pareto = (index: number): number => Math.min(4, (((1 - index / ENTRIES) ** (-1 / 3) - 1.5) * 4) / 3);
const normal = (index: number): number => normalQuantile((index + 0.5) / ENTRIES);

const QUANTILES: Readonly<Record<DistributionName, (index: number) => number>> = {
  normal,
  pareto,
  paretonormal: (index) => normal(index) / 4 + (pareto(index) * 3) / 4,
};

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
