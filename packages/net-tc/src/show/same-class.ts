import type { ShownClass } from './shown-device.js';

/** The kernel rounds, and tc rounds what it tells of it: now and then the last of four digits is another. */
const ROUNDING = 0.005;
/** Milliseconds, or a ratio: nobody plans less. */
const LEAST = 0.0001;

/** Whether two classes do the same, whatever their numbers are. */
export function isSameClass(there: ShownClass, wanted: ShownClass): boolean {
  const [has, should] = [figuresOf(there), figuresOf(wanted)];
  const near = (a = 0, b = 0): boolean => Math.abs(a - b) <= Math.max(Math.abs(b) * ROUNDING, LEAST);
  return [...new Set([...Object.keys(has), ...Object.keys(should)])].every((key) => near(has[key], should[key]));
}

/** What a class does, for messages. */
export function describeClass(shown: ShownClass): string {
  return JSON.stringify(figuresOf(shown));
}

function figuresOf({ netem, rateBitsPerSecond }: ShownClass): Readonly<Record<string, number | undefined>> {
  return { ...netem, ...(rateBitsPerSecond !== undefined && { classRateBitsPerSecond: rateBitsPerSecond }) };
}
