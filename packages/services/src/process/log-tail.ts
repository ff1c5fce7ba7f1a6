import { heldBack, redact } from '@chaos/spec';

/** The last lines of a process's output, without secrets. */
export interface LogTail {
  /** Takes raw output; keeps whole lines and passes them on. */
  write(chunk: string): void;
  /** The last `lines` lines (default: all kept ones), joined. */
  read(lines?: number): string;
}

/** Keeps the last `capacity` lines and passes each to `onLine`. */
export function createLogTail(onLine: (line: string) => void, capacity = 400): LogTail {
  const lines: string[] = [];
  let partial = '';
  return {
    write(chunk) {
      const parts = (partial + chunk).split('\n');
      partial = parts.pop() ?? '';
      for (const part of parts) {
        const line = redact(part);
        lines.push(line);
        onLine(line);
      }
      if (lines.length > capacity) lines.splice(0, lines.length - capacity);
    },
    read(count = capacity) {
      // Hold back a part of a secret, too.
      const rest = redact(partial.slice(0, partial.length - heldBack(partial)));
      return (rest === '' ? lines : [...lines, rest]).slice(-count).join('\n');
    },
  };
}
