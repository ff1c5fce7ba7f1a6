/** A chunk this large has its bytes outside of the JavaScript heap, where V8 does not see how much they are. */
export const LARGE_BYTES: number = 32 * 1024;

const transfer = (ArrayBuffer.prototype as { transfer?: (this: ArrayBufferLike, bytes: number) => ArrayBuffer })
  .transfer;

/**
 * Whether {@link freeChunk} can do anything: from Node 22 on, and in Node 20 started with
 * `--harmony-rab-gsab-transfer`.
 */
export const CAN_FREE: boolean = transfer !== undefined;

/**
 * Gives the memory of a large chunk back before V8 finds it dead: the next read gets the same memory, which is in the
 * processor's cache. Only for whoever was the last to need the bytes, the kernel included. A chunk that is a part of
 * something is left alone.
 */
export function freeChunk({ buffer, byteLength }: Buffer): void {
  if (byteLength >= LARGE_BYTES && byteLength === buffer.byteLength) transfer?.call(buffer, 0);
}
