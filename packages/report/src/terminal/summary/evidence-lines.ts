import { printableLine, type Attempt, type LoadReport } from '@chaos/spec';
import { formatDuration } from '../../format-duration.js';

// The end of a log says most; the whole of it is attached.
const LOG_LINES = 8;
const LINE_CHARACTERS = 200;

/** What a failure has to be judged by, a line each: the faults, what each load came to, the end of the logs. */
export function evidenceLines(attempt: Attempt): readonly string[] {
  return [...faultLine(attempt), ...attempt.loads.map(loadLine), ...logLines(attempt)];
}

function faultLine(attempt: Attempt): readonly string[] {
  if (attempt.faults.length === 0) return [];
  const at = (ms: number): string => `+${formatDuration(Math.max(0, ms - attempt.startMs))}`;
  const described = attempt.faults.map(({ name, startMs, endMs, met }) => {
    const end = endMs === undefined ? 'end' : at(endMs);
    const counts = Object.entries(met ?? {}).map(([what, count]) => counted(count, what));
    return `${name} (${at(startMs)} … ${end}${counts.length > 0 ? `, met ${counts.join(', ')}` : ''})`;
  });
  return [`Faults: ${described.join(', ')}`];
}

// What is counted is named in the plural: connections, queries.
function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what.replace(/ies$/, 'y').replace(/s$/, '')}` : `${count} ${what}`;
}

// Each way to end with the first thing that was said of it: the request, and the limit that was over.
function loadLine({ operations, concurrency, counts, errors }: LoadReport): string {
  const ends = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => {
      const said = errors.find((error) => error.outcome === outcome)?.message;
      return `${count} ${outcome}${said === undefined ? '' : ` (${shortened(said)})`}`;
    });
  return `Load: ${counted(operations, 'operations')}, ${concurrency} at a time: ${ends.join(', ')}`;
}

function logLines({ attachments, errors }: Attempt): readonly string[] {
  const isSaid = (line: string): boolean => errors.some(({ message = '' }) => message.includes(withoutTime(line)));
  return attachments.flatMap(({ name, contentType, body }) => {
    if (!name.endsWith(' log') || contentType !== 'text/plain' || body === undefined) return [];
    const lines = Buffer.from(body, 'base64').toString('utf8').trimEnd().split('\n');
    const shown = lines.slice(-LOG_LINES);
    // The end of a program is told with its last output.
    if (isSaid(lines.at(-1) ?? '')) return [];
    const of = lines.length > shown.length ? `, the last ${shown.length} of ${lines.length} lines` : '';
    return [`${printableLine(name)}${of}:`, ...shown.map((line) => `  ${shortened(line)}`)];
  });
}

function withoutTime(line: string): string {
  return line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '');
}

function shortened(text: string): string {
  const line = printableLine(text);
  return line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS - 1)}…` : line;
}
