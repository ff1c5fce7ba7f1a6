import type { Attempt } from '@chaos/spec';
import type { Colors } from '../colors.js';
import { attemptLabel } from '../../attempt-label.js';
import { formatDuration } from '../../format-duration.js';
import { formatError } from '../../format-error.js';
import { reproduceCommand } from './reproduce-command.js';
import type { RunRecord, TestRecord } from '@chaos/record';
import { testHeader } from '../../test-header.js';

const WIDTH = 100;
// Runs of a repeated test that are shown; the JSON report has the others.
const SHOWN_RUNS = 3;
const rule = (text: string): string => `${text} ${'─'.repeat(Math.max(3, WIDTH - text.length - 1))}`;
const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

function faultLine(attempt: Attempt): string[] {
  if (attempt.faults.length === 0) return [];
  const at = (ms: number): string => `+${formatDuration(Math.max(0, ms - attempt.startMs))}`;
  const described = attempt.faults.map(({ name, startMs, endMs, met }) => {
    const end = endMs === undefined ? 'end' : at(endMs);
    const counts = Object.entries(met ?? {}).map(([what, count]) => `${count} ${what}`);
    return `${name} (${at(startMs)} … ${end}${counts.length > 0 ? `, met ${counts.join(', ')}` : ''})`;
  });
  return [`Faults: ${described.join(', ')}`];
}

function attemptLines(attempt: Attempt, run: RunRecord, colors: Colors): string[] {
  const lines: string[] = [];
  const label = attemptLabel(attempt.retry, run).replace(
    /^ \((.)(.*)\)$/,
    (_, first: string, rest: string) => first.toUpperCase() + rest,
  );
  if (label !== '') lines.push('', colors.dim(indent(rule(label))));
  if (attempt.errors.length === 0 && attempt.status !== 'passed')
    lines.push('', indent(colors.red(`Test ${attempt.status === 'timedOut' ? 'timed out' : attempt.status}`)));
  for (const error of attempt.errors) {
    const [head = '', ...rest] = formatError(error).split('\n');
    lines.push('', indent([colors.red(head), ...rest].join('\n')));
    if (error.hint !== undefined) lines.push('', indent(`${colors.cyan('Hint:')} ${error.hint}`));
  }
  const notes = [
    ...faultLine(attempt),
    ...(attempt.samples?.overloaded ? [`Overloaded: ${attempt.samples.overloadReason ?? 'by others'}`] : []),
  ];
  const files = attempt.attachments.flatMap(({ name, path }) =>
    path === undefined ? [] : [`Attachment: ${name} (${path})`],
  );
  if (notes.length + files.length > 0) lines.push('', indent(colors.dim([...notes, ...files].join('\n'))));
  return lines;
}

/** Details of a test that failed or was flaky, numbered, in Playwright's layout. */
export function failureBlock(number: number, record: TestRecord, run: RunRecord, colors: Colors): string {
  const { config, variant } = run.start ?? {};
  const rootDir = config?.rootDir ?? '/';
  const wrong = record.attempts.filter((attempt) => attempt.wrong);
  const attempts = wrong
    .slice(0, run.start?.until === undefined ? wrong.length : SHOWN_RUNS)
    .map((attempt) => run.attempt(attempt));
  const seed = attempts.at(-1)?.seed ?? config?.runner.seed ?? '';
  return [
    colors.red(rule(`  ${number}) ${testHeader(record.test, rootDir)}`)),
    ...(record.test.purpose === undefined ? [] : [colors.dim(indent(record.test.purpose))]),
    ...attempts.flatMap((attempt) => attemptLines(attempt, run, colors)),
    ...(wrong.length > attempts.length
      ? ['', indent(colors.dim(`${wrong.length - attempts.length} more runs failed`))]
      : []),
    '',
    indent(`Seed: ${seed}\nRepro: ${reproduceCommand(record.test, seed, rootDir, variant)}`),
    '',
  ].join('\n');
}
