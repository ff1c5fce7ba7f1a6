import type { Writable } from 'node:stream';

const HOLD_MS = 10;
const HOLD_BYTES = 64 * 1024;

// Count per stream, not per reporter: several reporters may print to one stream, and one that waits for it must not be
// blocked by another.
const held = new WeakMap<object, () => void>();

/**
 * Collects text written to a stream within a moment and sends it in one piece: otherwise its reader would wake up a
 * thousand times for a thousand tests. The stream itself is corked, so that all writers stay in order.
 */
export function holdStream(stream: object): void {
  if (!isWritable(stream)) return;
  if (stream.writableLength > HOLD_BYTES) releaseStream(stream);
  if (held.has(stream)) return;
  stream.cork();
  const release = (): void => {
    clearTimeout(timer);
    process.off('exit', release);
    held.delete(stream);
    stream.uncork();
  };
  const timer = setTimeout(release, HOLD_MS);
  process.once('exit', release);
  held.set(stream, release);
}

/** Sends the collected text. */
export function releaseStream(stream: object): void {
  held.get(stream)?.();
}

function isWritable(stream: object): stream is Writable {
  return 'cork' in stream;
}
