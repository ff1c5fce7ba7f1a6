/** A chunk this large has its bytes outside the JavaScript heap, where V8 does not count them. */
export const LARGE_BYTES: number = 32 * 1024;

const transfer = (ArrayBuffer.prototype as { transfer?: (this: ArrayBufferLike, bytes: number) => ArrayBuffer })
  .transfer;

/** True if {@link freeChunk} works: on Node 22 and later, and on Node 20 started with `--harmony-rab-gsab-transfer`. */
export const CAN_FREE: boolean = transfer !== undefined;

/**
 * Frees the memory of a large chunk before V8 collects it, so that the next read reuses memory that is still in the
 * processor's cache. Call it only as the last user of the bytes, after the kernel has them. A chunk that is a slice of
 * a larger buffer is left alone.
 */
export function freeChunk({ buffer, byteLength }: Buffer): void {
  if (byteLength >= LARGE_BYTES && byteLength === buffer.byteLength) transfer?.call(buffer, 0);
}
