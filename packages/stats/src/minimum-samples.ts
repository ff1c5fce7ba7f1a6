import { checkConfidence } from './check-proportion.js';

/**
 * Number of runs without a failure that support the claim, with this confidence, that the failure ratio is below
 * `ratio`: ceil(ln(1 - confidence) / ln(1 - ratio)), the exact form of the rule of three. Fewer runs cannot support the
 * claim. Throws `RangeError` unless 0 < ratio < 1.
 */
export function minimumSamples(ratio: number, confidence = 0.95): number {
  if (!(ratio > 0 && ratio < 1))
    throw new RangeError(`Cannot claim a ratio below ${ratio}: it must be between 0 and 1`);
  checkConfidence(confidence);
  const exact = Math.log1p(-confidence) / Math.log1p(-ratio);
  // ln(0.25) / ln(0.5) is 2, whatever rounding makes of it.
  return Math.max(1, Math.ceil(exact * (1 - 4 * Number.EPSILON)));
}
