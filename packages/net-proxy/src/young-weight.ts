/** A chunk this large has its bytes outside of the JavaScript heap. */
const LARGE_BYTES = 32 * 1024;
const ENTRIES: readonly number[] = Array.from({ length: 1000 }, (_, index) => index);

let weight: readonly number[] = ENTRIES;

/**
 * Makes dead chunks be collected in time. V8 cleans its young generation by what is on its own heap, where a chunk of 64 KiB weighs some hundred bytes:
 * a stream would leave 20 to 60 MB of dead buffers behind before it looks. A little more weight per large chunk makes it look after some 8 MB,
 * which also keeps the memory that is read into in the processor's cache.
 */
export function weighOnYoungGeneration(bytes: number): void {
  if (bytes >= LARGE_BYTES && weight.length > 0) weight = [...ENTRIES];
}
