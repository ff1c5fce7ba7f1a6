import type { NumberRange } from '@chaos/spec';

/** The range of a ratio or a correlation. */
export const RATIO: NumberRange = { least: 0, most: 1 };
