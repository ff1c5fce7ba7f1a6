/**
 * One class of traffic. Times in ms, ratios from 0 to 1, rates in bits per second; values that netem was not given are
 * absent.
 */
export interface ShownClass {
  readonly device: string;
  /** `ca05:1` */
  readonly classId: string;
  /** Rate limit of the class itself (htb) or of a bucket in it (tbf). */
  readonly rateBitsPerSecond?: number;
  readonly netem?: Readonly<Record<string, number>>;
}

/** The faults on a device: what a plan wants there, or what the kernel has. */
export interface ShownDevice {
  readonly classes: readonly ShownClass[];
  /** Rules of nft by chain. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** Number of filters that choose packets (used for ingress, and where nft is missing). */
  readonly filters: number;
  /** False if the lease of the rules has expired. Always true for a plan. */
  readonly inForce: boolean;
}

/** Below this a rate limits; classes without one have this. */
export const UNLIMITED_BITS_PER_SECOND = 32e9;

/** Rounds as tc prints: rates to three digits, ratios to 32 bits. */
export function rounded(number: number, digits = 6): number {
  return Number(number.toPrecision(digits));
}
