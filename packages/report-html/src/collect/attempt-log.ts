import type { Attempt } from '@chaos/spec';
import type { LogLine } from '../data/report-data.js';

/** Characters of one stream that the page keeps; beyond them its head and its tail. */
const MOST_CHARACTERS = 262_144;
const TARGET_LINE = /^(\d{2}):(\d{2}):(\d{2})\.(\d{3}) (.*)$/s;
const DAY_MS = 86_400_000;

/** Lines that the test and the target printed, in the order of their time. */
export function attemptLog(attempt: Attempt, targetLog: string | undefined): readonly LogLine[] {
  const printed = [
    ...chunks(attempt.stdout, attempt.stdoutMs, 'stdout'),
    ...chunks(attempt.stderr, attempt.stderrMs, 'stderr'),
    ...(targetLog === undefined ? [] : targetLines(shortened(targetLog), attempt.startMs)),
  ];
  let known = attempt.startMs;
  // A line of unknown time stays behind the one before it.
  const placed = printed.map((line, index) => ({ line, index, atMs: (known = line.atMs ?? known) }));
  return placed.sort((one, other) => one.atMs - other.atMs || one.index - other.index).map(({ line }) => line);
}

// A long line arrives in several texts: they are one line again, which began with the first.
function chunks(
  texts: readonly string[],
  times: readonly number[] | undefined,
  from: 'stdout' | 'stderr',
): readonly LogLine[] {
  const lines: { atMs?: number; from: typeof from; text: string }[] = [];
  for (const [index, text] of texts.entries()) {
    const last = lines.at(-1);
    const atMs = times?.[index];
    if (last !== undefined && !last.text.endsWith('\n')) last.text += text;
    else lines.push({ ...(atMs !== undefined && { atMs }), from, text });
  }
  let left = MOST_CHARACTERS;
  const kept = lines.filter((line) => {
    const isKept = left > 0;
    line.text = shortened(line.text.replace(/\n$/, ''), Math.max(left, 2));
    left -= line.text.length;
    return isKept;
  });
  if (kept.length === lines.length) return kept;
  return [...kept, { from, text: `… ${lines.length - kept.length} more pieces are left out here` }];
}

// Each begins with the time of day, UTC; what follows without one belongs to the line before.
function targetLines(text: string, startMs: number): LogLine[] {
  const midnight = startMs - (startMs % DAY_MS);
  const lines: { atMs?: number; from: 'target'; text: string }[] = [];
  for (const line of text.split('\n')) {
    const [, hours, minutes, seconds, millis, rest] = TARGET_LINE.exec(line) ?? [];
    if (rest === undefined) {
      const last = lines.at(-1);
      if (last === undefined) lines.push({ from: 'target', text: line });
      else last.text += `\n${line}`;
      continue;
    }
    const atMs = midnight + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(millis);
    // Midnight passed while the test ran.
    lines.push({ atMs: atMs < startMs - DAY_MS / 2 ? atMs + DAY_MS : atMs, from: 'target', text: rest });
  }
  return lines;
}

/** The head and the tail of a long text, and how much is missing between them. */
export function shortened(text: string, most: number = MOST_CHARACTERS): string {
  if (text.length <= most) return text;
  const edge = Math.floor(most / 2);
  return `${text.slice(0, edge)}\n… ${text.length - 2 * edge} characters are left out here …\n${text.slice(-edge)}`;
}
