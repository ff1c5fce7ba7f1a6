import type { Writable } from 'node:stream';

const HOLD_MS = 10;
const HOLD_BYTES = 64 * 1024;

// By stream, not by reporter: several may print to one, and what one of them waits for must not be held by another.
const held = new WeakMap<object, () => void>();

/**
 * Lets what is written to a stream within a moment go out at once: a line at a time would wake whoever reads it a
 * thousand times for a thousand tests. The stream itself is held, so that all who write to it stay in order.
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

/** Lets go of what has been written. */
export function releaseStream(stream: object): void {
  held.get(stream)?.();
}

function isWritable(stream: object): stream is Writable {
  return 'cork' in stream;
}
