import { getHeapSpaceStatistics } from 'node:v8';
import { LARGE_BYTES } from './free-chunk.js';

/** How many large chunks may be dead before V8 looks: 8 MB of 64 KiB. */
const CHUNKS = 128;
const BYTES_PER_ENTRY = 8;

let weight: readonly number[] | undefined;

/**
 * Makes dead chunks be collected in time where they cannot be freed. V8 cleans its young generation by what is on its
 * own heap, where a chunk of 64 KiB weighs some hundred bytes: a stream would leave 20 to 60 MB of dead buffers behind
 * before it looks. A little more weight per large chunk makes it look after some 8 MB, which also keeps the memory that
 * is read into in the processor's cache.
 */
export function weighOnYoungGeneration(bytes: number): void {
  if (bytes >= LARGE_BYTES)
    weight =
      weight === undefined
        ? Array.from({ length: youngBytes() / CHUNKS / BYTES_PER_ENTRY }, (_, index) => index)
        : [...weight];
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 1024 * 1024;
}
