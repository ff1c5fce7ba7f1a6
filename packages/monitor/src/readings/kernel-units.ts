import { readFileSync } from 'node:fs';

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

// The auxiliary vector: pairs of 64-bit words that the kernel gives every process, see getauxval(3).
function auxiliary(key: bigint, otherwise: number): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
      if (vector.readBigUInt64LE(offset) === key) return Number(vector.readBigUInt64LE(offset + 8));
    }
  } catch {
    // Some sandboxes do not let us read it.
  }
  return otherwise;
}

/** Units of `/proc`: memory is counted in pages, CPU time in ticks. */
export const kernelUnits: { readonly pageBytes: number; readonly ticksPerSecond: number } = {
  pageBytes: auxiliary(AT_PAGESZ, 4096),
  ticksPerSecond: auxiliary(AT_CLKTCK, 100),
};
