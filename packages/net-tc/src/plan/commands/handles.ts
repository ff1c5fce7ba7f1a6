import { createHash } from 'node:crypto';

/** Handle of our root qdisc; it marks the qdisc as ours. */
export const EGRESS_ROOT = 'ca05';
/**
 * Handle of the root qdisc of the ifb that ingress is sent through. Another one: a packet's priority must not choose
 * its class twice.
 */
export const INGRESS_ROOT = 'ca06';

/**
 * First preference of our filters on the device, how many there may be, and in how many sets: the user's own are
 * outside of this range.
 */
export const FILTER_PREF = 20_005;
export const MOST_FILTERS = 2048;
export const FILTER_BANKS = 2;
/** Preference of our `ip rule`s: between those that people usually give and that of the main table (32766). */
export const BLACKHOLE_PREF = 20_005;

const GENERATION = 256;

/** A class: the bits of its combination, and how often it was made anew. */
export function classMinor(bits: number, generation: number): number {
  return generation * GENERATION + bits;
}

/** Formats the minor number of a class as tc and nft do: hexadecimal. */
export function minor(value: number): string {
  return value.toString(16);
}

/**
 * Handles of what hangs below a class; they must be unique on the device, and netem's and tbf's must not be the same.
 */
export function leafHandles(classMinor: number): { readonly first: string; readonly second: string } {
  return { first: `${(0x1000 + classMinor).toString(16)}:`, second: `${(0x6000 + classMinor).toString(16)}:` };
}

/** The table of a device in one namespace. */
export function tableName(device: string): string {
  return `chaos_${device.replace(/[^A-Za-z0-9_]/g, '_')}_${digest(device)}`;
}

/** The ifb of a device: a name of 15 characters at most. */
export function ifbName(device: string): string {
  return `ifb-${digest(device)}`;
}

function digest(device: string): string {
  return createHash('sha256').update(device).digest('hex').slice(0, 8);
}
