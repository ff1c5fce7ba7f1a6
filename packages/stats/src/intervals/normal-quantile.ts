/** The standard normal deviate below which a share `probability` (strictly between 0 and 1) lies. */
export function normalQuantile(probability: number): number {
  if (probability < 0.5) return -normalQuantile(1 - probability);
  let z = 0;
  // Above 0 the distribution function is concave: Newton's steps from 0 climb to the root and never pass it.
  for (let step = 0; step < 100; step++) {
    const change = (probability - cumulative(z)) / density(z);
    z += change;
    if (!(Math.abs(change) > 1e-14 * Math.max(1, z))) break;
  }
  return z;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

// Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...), Abramowitz and Stegun 26.2.11.
function cumulative(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + density(z) * sum;
}
