import { closeSync, openSync, writeSync } from 'node:fs';

// More than this is written at once, so that a burst does not pile up in memory.
const MOST_PENDING = 64 * 1024;

/**
 * A file of lines that outlives its process: whatever was added in an earlier turn of the event loop has been handed to
 * the kernel.
 */
export interface LineFile {
  /** Throws what an earlier write met: a full disk must not pass for a history without anomalies. */
  add(line: string): void;
  flush(): void;
  /** Twice is harmless. */
  close(): void;
}

/** Creates the file, or empties it. */
export function openLineFile(path: string): LineFile {
  let file: number | undefined = openSync(path, 'w');
  let pending = '';
  let scheduled = false;
  let failure: { readonly error: unknown } | undefined;

  function flush(): void {
    if (failure !== undefined) throw new Error(`Cannot write the history ${path}`, { cause: failure.error });
    const bytes = Buffer.from(pending);
    pending = '';
    try {
      for (let written = 0; file !== undefined && written < bytes.length;) written += writeSync(file, bytes, written);
    } catch (error) {
      failure = { error };
      throw new Error(`Cannot write the history ${path}`, { cause: error });
    }
  }

  function flushSoon(): void {
    scheduled = false;
    try {
      flush();
    } catch {
      // Nobody could catch it here: the next operation gets it, or close().
    }
  }

  // An uncaught exception and process.exit() leave no turn of the event loop.
  process.on('exit', flushSoon);
  return {
    add(line) {
      if (file === undefined) throw new TypeError(`Cannot record: the history ${path} is closed`);
      pending += line;
      if (failure !== undefined || pending.length > MOST_PENDING) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(flushSoon);
      }
    },
    flush,
    close() {
      if (file === undefined) return;
      process.off('exit', flushSoon);
      try {
        flush();
      } finally {
        closeSync(file);
        file = undefined;
      }
    },
  };
}
