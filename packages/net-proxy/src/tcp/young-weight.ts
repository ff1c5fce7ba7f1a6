import { getHeapSpaceStatistics } from 'node:v8';
import { LARGE_BYTES } from './free-chunk.js';

/** Number of large chunks that may be dead before V8 collects: 8 MB of 64 KiB chunks. */
const CHUNKS = 128;
const BYTES_PER_ENTRY = 8;

let weight: readonly number[] | undefined;

/**
 * Makes V8 collect dead chunks in time if they cannot be freed. V8 collects its young generation by the size of its own
 * heap, where a chunk of 64 KiB weighs some hundred bytes: a stream would leave 20 to 60 MB of dead buffers behind.
 * Extra weight per large chunk makes V8 collect after some 8 MB, which also keeps the read buffers in the processor's
 * cache.
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
