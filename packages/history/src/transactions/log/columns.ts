// Shared memory is made more slowly, and small columns are made often.
const SMALL = 65_536;

/**
 * A column of whole numbers, all 0. The memory of a large one is not counted by the garbage collector, as that of a
 * plain typed array is: V8 marks the whole heap for each 64 MB of those, and the heap holds the history, 1 GB for a
 * million transactions. It is given back like any other.
 */
export function integers(length: number): Int32Array {
  const size = length * Int32Array.BYTES_PER_ELEMENT;
  return new Int32Array(size < SMALL ? new ArrayBuffer(size) : new SharedArrayBuffer(size));
}

/** As {@link integers}, of numbers up to 255. */
export function bytes(length: number): Uint8Array {
  return new Uint8Array(length < SMALL ? new ArrayBuffer(length) : new SharedArrayBuffer(length));
}

/** A larger column with what is in the old one at its beginning. */
export function grown<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
