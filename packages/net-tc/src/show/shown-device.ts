/**
 * One class of traffic. Times in ms, ratios from 0 to 1, rates in bits per second; what netem was not told is absent.
 */
export interface ShownClass {
  readonly device: string;
  /** `ca05:1` */
  readonly classId: string;
  /** Where the class itself limits (htb), or a bucket in it (tbf). */
  readonly rateBitsPerSecond?: number;
  readonly netem?: Readonly<Record<string, number>>;
}

/** The faults on a device: what a plan wants there, or what the kernel has. */
export interface ShownDevice {
  readonly classes: readonly ShownClass[];
  /** Rules of nft by chain. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** How many filters choose packets (for ingress, and where there is no nft). */
  readonly filters: number;
  /** Whether the rules are in force: their lease has not run out. Always true of a plan. */
  readonly inForce: boolean;
}

/** Below this a rate limits; classes without one have this. */
export const UNLIMITED_BITS_PER_SECOND = 32e9;

/** As precise as tc tells a value again: it rounds rates to three digits and ratios to 32 bits. */
export function rounded(number: number, digits = 6): number {
  return Number(number.toPrecision(digits));
}
