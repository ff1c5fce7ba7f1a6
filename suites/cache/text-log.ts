/** What was written under one key, and when: enough to tell an old text from one that may be there. */
export interface TextLog {
  /** Notes a write of a text that no other write has; resolves once it is acknowledged. */
  written(text: string, write: Promise<unknown>): Promise<void>;
  /** True while a write is under way: another one beside it could come before or after it. */
  isBusy(): boolean;
  /** Judges what a read finds. A text that nobody wrote here is right until the first write is acknowledged. */
  read(read: Promise<string>): Promise<{ readonly text: string; readonly isCurrent: boolean }>;
}

interface Write {
  readonly startMs: number;
  /** Infinity until it is acknowledged, and for ever where its outcome is unknown. */
  endMs: number;
}

const BEFORE_ALL: Write = { startMs: -Infinity, endMs: -Infinity };

/**
 * A log of one key. A text is old if its write had ended before another one began that was acknowledged when the read
 * begins. Writes that overlap may have come in either order, and one under way may be seen by some and not by others.
 */
export function createTextLog(): TextLog {
  const writes = new Map<string, Write>();
  // The latest beginning of a write that was acknowledged.
  let knownMs = -Infinity;
  let underWay = 0;
  return {
    async written(text, write) {
      const one: Write = { startMs: performance.now(), endMs: Infinity };
      writes.set(text, one);
      underWay += 1;
      await write.finally(() => (underWay -= 1));
      one.endMs = performance.now();
      knownMs = Math.max(knownMs, one.startMs);
    },
    isBusy: () => underWay > 0,
    async read(read) {
      const sinceMs = knownMs;
      const text = await read;
      const one = writes.get(text) ?? BEFORE_ALL;
      return { text, isCurrent: one === BEFORE_ALL ? sinceMs === -Infinity : one.endMs >= sinceMs };
    },
  };
}
