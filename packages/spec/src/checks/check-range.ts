/** The numbers that {@link checkRange} accepts; without a bound there is none on that side. */
export interface NumberRange {
  /** Lowest value. */
  readonly least?: number;
  /** Bound that is itself too low. */
  readonly above?: number;
  /** Highest value. */
  readonly most?: number;
  /** Only safe integers. Default: any number but NaN. */
  readonly whole?: boolean;
}

/**
 * Returns `value` if it is in the range. Throws `RangeError` otherwise: `Cannot use NAME: current value is 7, it must
 * be a number from 0 to 1`.
 */
export function checkRange(name: string, value: number, range: NumberRange): number {
  const { least = -Infinity, above = -Infinity, most = Infinity, whole = false } = range;
  const isRight = typeof value === 'number' && (whole ? Number.isSafeInteger(value) : !Number.isNaN(value));
  if (isRight && value >= least && (above === -Infinity || value > above) && value <= most) return value;
  throw new RangeError(
    `Cannot use ${name}: current value is ${shown(value)}, it must be ` +
      `${whole ? 'an integer' : 'a number'}${bounds(range)}`,
  );
}

function bounds({ least, above, most }: NumberRange): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const lower = above === undefined ? least !== undefined && ` of at least ${least}` : ` above ${above}`;
  const upper = most !== undefined && `${lower === false ? ' of' : ' and'} at most ${most}`;
  return [lower, upper].filter((part) => part !== false).join('');
}

// A text in quotes, so that '5' is told from 5.
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
