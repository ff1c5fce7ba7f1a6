// Coefficients B(2k) / (2k (2k - 1)) of Stirling's series, Abramowitz and Stegun 6.1.41.
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const;

/** ln Gamma(x) for x > 0. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  // Below 15 the series is not yet good to double precision: Gamma(x) = Gamma(x + n) / (x (x + 1) ... (x + n - 1)).
  while (shifted < 15) product *= shifted++;
  const inverse = 1 / (shifted * shifted);
  let series = 0;
  for (let index = STIRLING.length - 1; index >= 0; index--) series = series * inverse + (STIRLING[index] as number);
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series / shifted - Math.log(product)
  );
}
