/** The last lines that a process wrote. */
export interface LogTail {
  /** Takes raw output; whole lines are kept and passed on. */
  write(chunk: string): void;
  /** The last `lines` lines (default all that are kept), joined. */
  read(lines?: number): string;
}

/** Keeps the last `capacity` lines and hands each to `onLine`. */
export function createLogTail(onLine: (line: string) => void, capacity = 400): LogTail {
  const lines: string[] = [];
  let partial = '';
  return {
    write(chunk) {
      const parts = (partial + chunk).split('\n');
      partial = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        onLine(line);
      }
      if (lines.length > capacity) lines.splice(0, lines.length - capacity);
    },
    read: (count = capacity) => (partial === '' ? lines : [...lines, partial]).slice(-count).join('\n'),
  };
}
