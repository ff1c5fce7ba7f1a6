import type { Attempt, SerializedError } from '@chaos/spec';
import type { Colors } from '../colors.js';
import { attemptLabel } from '../../label/attempt-label.js';
import { formatError } from '../../format-error.js';
import { rerunCommand, type RunRecord, type TestRecord } from '@chaos/record';
import { testHeader } from '../../label/test-header.js';
import { evidenceLines } from './evidence-lines.js';

const WIDTH = 100;
// Runs of a repeated test that are shown; the JSON report has the others.
const SHOWN_RUNS = 3;
// Errors of one line of a test, such as soft assertions in a loop, that are shown in full; of more only the first is.
const SHOWN_ERRORS = 3;
const SHOWN_KINDS = 5;
const rule = (text: string): string => `${text} ${'─'.repeat(Math.max(3, WIDTH - text.length - 1))}`;
const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

function attemptLines(attempt: Attempt, run: RunRecord, colors: Colors): string[] {
  const lines: string[] = [];
  const label = attemptLabel(attempt.retry, run).replace(
    /^ \((.)(.*)\)$/,
    (_, first: string, rest: string) => first.toUpperCase() + rest,
  );
  if (label !== '') lines.push('', colors.dim(indent(rule(label))));
  if (attempt.errors.length === 0 && attempt.status !== 'passed')
    lines.push('', indent(colors.red(`Test ${attempt.status === 'timedOut' ? 'timed out' : attempt.status}`)));
  for (const errors of byPlace(attempt.errors)) {
    for (const error of errors.slice(0, errors.length > SHOWN_ERRORS ? 1 : SHOWN_ERRORS)) {
      const [head = '', ...rest] = formatError(error).split('\n');
      lines.push('', indent([colors.red(head), ...rest].join('\n')));
      if (error.hint !== undefined) lines.push('', indent(`${colors.cyan('Hint:')} ${error.hint}`));
    }
    if (errors.length > SHOWN_ERRORS) lines.push('', indent(moreOf(errors)));
  }
  const notes = [
    ...evidenceLines(attempt),
    ...(attempt.samples?.overloaded ? [`Overloaded: ${attempt.samples.overloadReason ?? 'by others'}`] : []),
  ];
  const files = attempt.attachments.flatMap(({ name, path }) =>
    path === undefined ? [] : [`Attachment: ${name} (${path})`],
  );
  if (notes.length + files.length > 0) lines.push('', indent(colors.dim([...notes, ...files].join('\n'))));
  return lines;
}

/** Errors by the place that they came from, in the order of the first of each; one without a place stands alone. */
function byPlace(errors: Attempt['errors']): readonly (readonly SerializedError[])[] {
  const groups = new Map<string, SerializedError[]>();
  for (const [index, error] of errors.entries()) {
    const { file, line, column } = error.location ?? {};
    const key = file === undefined ? `${index}` : `${file}:${line}:${column}`;
    const group = groups.get(key);
    if (group) group.push(error);
    else groups.set(key, [error]);
  }
  return [...groups.values()];
}

// The other errors of the same place, by what they say.
function moreOf(errors: readonly SerializedError[]): string {
  const counts = new Map<string, number>();
  for (const error of errors) {
    const said = whatDiffers(error);
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([, left], [, right]) => right - left);
  const shown = kinds.slice(0, SHOWN_KINDS).map(([said, count]) => `    ${count} × ${said}`);
  const rest = kinds.length > SHOWN_KINDS ? [`    and ${kinds.length - SHOWN_KINDS} other kinds`] : [];
  return [`${errors.length} failures at this place, this is the first; by kind:`, ...shown, ...rest].join('\n');
}

// One line: what was received, or else how the message begins.
function whatDiffers({ message = '', value = '' }: SerializedError): string {
  const lines = (message || value).split('\n').map((line) => line.trim());
  const received = lines
    .filter((line) => /^(?:\+ (?!Received)|Received:)/.test(line))
    .map((line) => line.replace(/^\+ +/, ''))
    .join(' ');
  const text = received || lines.find((line) => line !== '') || '';
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

/** Details of a test that failed or was flaky, numbered, in Playwright's layout. */
export function failureBlock(number: number, record: TestRecord, run: RunRecord, colors: Colors): string {
  const { config } = run.start ?? {};
  const wrong = record.attempts.filter((attempt) => attempt.wrong);
  const attempts = wrong
    .slice(0, run.start?.until === undefined ? wrong.length : SHOWN_RUNS)
    .map((attempt) => run.attempt(attempt));
  const seed = attempts.at(-1)?.seed ?? config?.runner.seed ?? '';
  return [
    colors.red(rule(`  ${number}) ${testHeader(record.test, config)}`)),
    ...(record.test.purpose === undefined ? [] : [colors.dim(indent(record.test.purpose))]),
    ...attempts.flatMap((attempt) => attemptLines(attempt, run, colors)),
    ...(wrong.length > attempts.length
      ? ['', indent(colors.dim(`${wrong.length - attempts.length} more runs failed`))]
      : []),
    '',
    indent(`Seed: ${seed}\nRepro: ${rerunCommand(record.test, seed, run.start)}`),
    '',
  ].join('\n');
}
