/** Throws `RangeError` unless `ratio` is a number in (0, 1], or [0, 1] where `zero` is allowed. */
export function checkRatio(matcher: string, ratio: number, zero = false): void {
  if (!(typeof ratio === 'number' && ratio <= 1 && (ratio > 0 || (zero && ratio === 0)))) {
    throw new RangeError(`${matcher}() needs a ratio in ${zero ? '[0' : '(0'}, 1]: current value is ${String(ratio)}`);
  }
}
