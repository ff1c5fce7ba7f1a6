// An error begins at the left edge: `TypeError: x`, `Error [ERR_X]: x`, `pkg.MyException: x`.
const ERROR = /^(?:Uncaught |Exception in thread "[^"]*" )?[\w$.]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/;
const FRAME = /^\s+at /;
// These follow the frames of an error as parts of it: its properties, and the last words of Node.js.
const PART = /^(?:\s|$|[}\])]|Emitted 'error' event|Node\.js v\d)/;
const MOST_FRAMES = 5;

/**
 * The last `lines` lines of a program's output. If they are the end of one long error, such as one with a whole socket
 * among its properties, they begin with its message and first frames instead, for those say what happened.
 */
export function withLastError(output: string, lines: number): string {
  const all = output.split('\n');
  if (all.length <= lines) return output;
  const start = all.findLastIndex((line) => ERROR.test(line));
  if (start < 0 || start >= all.length - lines) return all.slice(-lines).join('\n');
  const frames = start + all.slice(start).findIndex((line) => FRAME.test(line));
  if (frames < start || !all.slice(frames).every((line) => PART.test(line))) return all.slice(-lines).join('\n');
  let end = frames;
  while (end < frames + MOST_FRAMES && FRAME.test(all[end] ?? '')) end++;
  const head = all.slice(start, Math.min(end, start + lines - 2));
  const tail = all.slice(-(lines - head.length - 1));
  return [...head, `… ${all.length - start - head.length - tail.length} more lines …`, ...tail].join('\n');
}
