import { seedWords } from './seed-words.js';

/** A deterministic stream of choices. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /**
   * Uniform integer from `min` to `max`, both included. Throws `RangeError` unless both are safe integers, min <= max,
   * and they are at most 2^53 - 1 apart.
   */
  integer(min: number, max: number): number;
  /** One element. Throws `RangeError` for an empty array. */
  pick<T>(values: readonly T[]): T;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(values: readonly T[]): T[];
  /** Exponential with this mean (> 0): gaps between the arrivals of a Poisson process. */
  exponential(mean: number): number;
  /** Normal with this mean and standard deviation (>= 0). */
  normal(mean: number, standardDeviation: number): number;
}

/**
 * A stream named by a seed and names: the same names give the same values on every machine and in every version of this
 * package, other names give an independent stream. `createRandom(seed, testId, 'jitter')`.
 *
 * The generator is sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush.
 */
export function createRandom(seed: string, ...names: string[]): Random {
  const next = sfc32(seedWords([seed, ...names]));
  return {
    next,
    integer(min, max) {
      if (
        !Number.isSafeInteger(min) ||
        !Number.isSafeInteger(max) ||
        min > max ||
        max - min > Number.MAX_SAFE_INTEGER
      ) {
        throw new RangeError(`Cannot draw an integer: current range is ${min} to ${max}`);
      }
      return min + Math.floor(next() * (max - min + 1));
    },
    pick(values) {
      if (values.length === 0) throw new RangeError('Cannot pick an element: current array is empty');
      return values[Math.floor(next() * values.length)] as (typeof values)[number];
    },
    shuffle(values) {
      const copy = [...values];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = Math.floor(next() * (last + 1));
        [copy[last], copy[other]] = [copy[other] as (typeof copy)[number], copy[last] as (typeof copy)[number]];
      }
      return copy;
    },
    exponential(mean) {
      if (!(mean > 0 && mean < Infinity))
        throw new RangeError(`Cannot draw from an exponential distribution: current mean is ${mean}`);
      return -Math.log(1 - next()) * mean;
    },
    normal(mean, standardDeviation) {
      if (!Number.isFinite(mean) || !(standardDeviation >= 0 && standardDeviation < Infinity)) {
        throw new RangeError(
          `Cannot draw from a normal distribution: current mean is ${mean}, standard deviation ${standardDeviation}`,
        );
      }
      return mean + standardDeviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    },
  };
}

function sfc32([first, second, third]: readonly [number, number, number]): () => number {
  let a = first;
  let b = second;
  let c = third;
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first outputs still resemble the seed; its author's recommendation for sfc32 is 12 rounds.
  for (let round = 0; round < 12; round++) word();
  return () => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
}
