/**
 * Holm's correction (1979) of p values for their number, in the given order: calling those at most alpha significant is
 * wrong anywhere with a probability of at most alpha.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const count = pValues.length;
  const corrected = Array.from({ length: count }, () => 1);
  let least = 0;
  for (const [place, index] of ascending(pValues).entries()) {
    least = Math.max(least, Math.min(1, (count - place) * pValues[index]!));
    corrected[index] = least;
  }
  return corrected;
}

/**
 * The correction of Benjamini and Hochberg (1995), in the given order: of those called significant at q, a share of at
 * most q is wrong on average.
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const count = pValues.length;
  const corrected = Array.from({ length: count }, () => 1);
  let most = 1;
  for (const [place, index] of [...ascending(pValues).entries()].reverse()) {
    most = Math.min(most, (count / (place + 1)) * pValues[index]!);
    corrected[index] = most;
  }
  return corrected;
}

function ascending(values: readonly number[]): readonly number[] {
  return values.map((_value, index) => index).sort((a, b) => values[a]! - values[b]!);
}
