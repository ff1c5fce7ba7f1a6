/**
 * The `q` quantile (0…1) of the values, interpolated between neighbours (type 7 of Hyndman and Fan, as R and NumPy do).
 * The values need not be sorted and are left as they are. Throws `RangeError` for no values, a NaN, or a `q` outside
 * 0…1.
 */
export function quantile(values: readonly number[], q: number): number {
  if (!(q >= 0 && q <= 1))
    throw new RangeError(`Cannot compute a quantile: current q is ${q}, it must be between 0 and 1`);
  if (values.length === 0) throw new RangeError('Cannot compute a quantile: current list of values is empty');
  if (values.some(Number.isNaN)) throw new RangeError('Cannot compute a quantile: one of the current values is NaN');
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}
