import type { ShownClass } from './shown-device.js';

/** The kernel rounds, and tc rounds again when it prints: sometimes the last of four digits differs. */
const ROUNDING = 0.005;
/** Smallest difference that counts, in ms or as a ratio: no plan is finer. */
const LEAST = 0.0001;

/** True if two classes have the same effects, whatever their numbers are. */
export function isSameClass(there: ShownClass, wanted: ShownClass): boolean {
  const [has, should] = [figuresOf(there), figuresOf(wanted)];
  const near = (a = 0, b = 0): boolean => Math.abs(a - b) <= Math.max(Math.abs(b) * ROUNDING, LEAST);
  return [...new Set([...Object.keys(has), ...Object.keys(should)])].every((key) => near(has[key], should[key]));
}

/** Describes the effects of a class, for messages. */
export function describeClass(shown: ShownClass): string {
  return JSON.stringify(figuresOf(shown));
}

function figuresOf({ netem, rateBitsPerSecond }: ShownClass): Readonly<Record<string, number | undefined>> {
  return { ...netem, ...(rateBitsPerSecond !== undefined && { classRateBitsPerSecond: rateBitsPerSecond }) };
}
