import { UsageError } from '@chaos/spec';

const TIMES: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const RATES: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** `100ms`, `1.5s`; a bare number is milliseconds. */
export function milliseconds(flag: string, text: string): number {
  return quantity(flag, text, TIMES, 'ms', 'a time such as 100ms, 1.5s or 2m');
}

/** `1mbit`, `512kbit`; the unit is required. */
export function bitsPerSecond(flag: string, text: string): number {
  return Math.round(quantity(flag, text, RATES, undefined, 'a rate with its unit: 1mbit, 512kbit, 1gbit'));
}

/** `1%`, or `0.01`. */
export function ratio(flag: string, text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number) / (percent === '%' ? 100 : 1);
  // A bare 1 could mean either.
  if (!(value >= 0 && value <= 1) || (percent === '' && number === '1'))
    throw new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}`, { hint: 'Give a share such as 1% or 0.01.' });
  return value;
}

/** `5432`, `8000-8100`. */
export function ports(
  flag: string,
  texts: readonly string[],
): readonly { readonly from: number; readonly to: number }[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
      if (from === undefined)
        throw new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}`, {
          hint: 'Give a port or a range: 5432, 8000-8100.',
        });
      return { from: Number(from), to: Number(to) };
    });
}

function quantity(
  flag: string,
  text: string,
  units: Readonly<Record<string, number>>,
  standard: string | undefined,
  wanted: string,
): number {
  const [, number, unit = standard] = /^(\d+(?:\.\d+)?)([a-z]+)?$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : units[unit.toLowerCase()];
  if (number === undefined || factor === undefined)
    throw new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}`, { hint: `Give ${wanted}.` });
  return Number(number) * factor;
}
