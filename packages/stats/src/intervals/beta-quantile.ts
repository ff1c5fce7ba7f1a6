import { betaCumulative } from './beta-cumulative.js';

/** The x below which a share `probability` (0…1) of a Beta(a, b) distribution lies. */
export function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  // Bisection down to neighbouring doubles: the curve may be too steep or too flat for Newton's steps.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high || high - low < 1e-15 * high) return middle;
    if (betaCumulative(middle, a, b) < probability) low = middle;
    else high = middle;
  }
}
