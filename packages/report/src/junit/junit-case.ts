import { dirname, relative } from 'node:path';
import type { Attempt, SerializedError } from '@chaos/spec';
import { formatError } from '../format-error.js';
import { plain } from '../output/plain.js';
import { errorKind, outcomeOfRecord, skipReason, verdictOf, type RunRecord, type TestRecord } from '@chaos/record';
import type { JunitForm } from './junit-form.js';
import { projectLabel } from '../label/project-label.js';
import { relativePath } from '../relative-path.js';
import { attributes, cdata } from './xml.js';

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Error for an attempt that failed without one. */
function errorOf({ errors, status }: Attempt): SerializedError {
  return (
    errors[0] ?? {
      message:
        status === 'timedOut'
          ? 'Test timed out'
          : status === 'interrupted'
            ? 'Test was interrupted'
            : 'Expected to fail, but passed.',
    }
  );
}

const typeOf = ({ code, name }: SerializedError): string => code ?? name ?? 'Error';
const textOf = (attempt: Attempt): string =>
  (attempt.errors.length === 0 ? [errorOf(attempt)] : attempt.errors)
    .map((error) => formatError(error) + (error.hint === undefined ? '' : `\n\nHint: ${error.hint}`))
    .join('\n\n');
const heading = (error: SerializedError): Readonly<Record<string, string>> => ({
  message: plain(error.message ?? error.value ?? '').split('\n')[0]!,
  type: typeOf(error),
});

function* problems(attempts: readonly Attempt[], flaky: boolean): Generator<string> {
  for (const [index, attempt] of attempts.entries()) {
    const error = errorOf(attempt);
    const kind = errorKind(error);
    if (!flaky && index === 0)
      yield `      <${kind}${attributes(heading(error))}>${cdata(textOf(attempt))}</${kind}>\n`;
    else {
      const name = `${flaky ? 'flaky' : 'rerun'}${kind === 'failure' ? 'Failure' : 'Error'}`;
      yield `      <${name}${attributes(heading(error))}>\n`;
      yield `        <stackTrace>${cdata(textOf(attempt))}</stackTrace>\n`;
      yield `      </${name}>\n`;
    }
  }
}

/** Counter of the suite that a test adds to. */
export function countOf(record: TestRecord): 'failures' | 'errors' | 'skipped' | undefined {
  const outcome = outcomeOfRecord(record);
  if (verdictOf(record) === 'interrupted') return 'errors';
  if (outcome === 'skipped') return 'skipped';
  if (outcome !== 'unexpected') return undefined;
  const first = record.attempts.find(({ wrong }) => wrong);
  if (first === undefined) return 'errors';
  return (first.errorKind ?? (first.status === 'passed' ? 'failure' : 'error')) === 'failure' ? 'failures' : 'errors';
}

/** One `testcase` with all its attempts. */
export function* junitCase(
  record: TestRecord,
  run: RunRecord,
  { outputFile, form }: { readonly outputFile: string | undefined; readonly form: JunitForm },
): Generator<string> {
  const { test } = record;
  const file = relativePath(run.start?.config.rootDir ?? '/', test.location.file);
  const attempts = record.attempts.map((attempt) => run.attempt(attempt));
  const timeMs = attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const label = projectLabel(run.start?.config, test.project);
  const project = form.includeProjectInTestName && label !== '' ? `[${label}] ` : '';
  const place = form.strict ? {} : { file, line: test.location.line };
  const name = project + test.titlePath.join(' › ');
  yield `    <testcase${attributes({ name, classname: file, time: seconds(timeMs), ...place })}>\n`;
  const annotations = [
    ...new Map(
      [...test.annotations, ...(record.attempts.at(-1)?.annotations ?? [])].map((annotation) => [
        `${annotation.type}\n${annotation.description}`,
        annotation,
      ]),
    ).values(),
  ];
  const properties: readonly (readonly [string, string | undefined])[] = [
    ['id', test.chaosId],
    ['purpose', test.purpose],
    ...annotations.map(({ type, description = '' }) => [type, description] as const),
  ];
  const told = properties.filter(([, value]) => value !== undefined);
  if (told.length > 0 && !form.strict) {
    yield '      <properties>\n';
    for (const [key, value] of told) yield `        <property${attributes({ name: key, value })}/>\n`;
    yield '      </properties>\n';
  }
  if (countOf(record) === 'skipped') {
    const verdict = verdictOf(record);
    const reasons = [verdict === 'skipped' ? undefined : verdict, skipReason(record)].filter(Boolean);
    yield `      <skipped${attributes({ message: reasons.join(': ') || undefined })}/>\n`;
  } else
    yield* problems(
      attempts.filter((_, index) => record.attempts[index]!.wrong && !expected(record, index)),
      outcomeOfRecord(record) === 'flaky',
    );
  yield* output(
    'system-out',
    attempts.flatMap(({ stdout }) => stdout),
    attachmentLines(attempts, outputFile),
  );
  yield* output(
    'system-err',
    attempts.flatMap(({ stderr }) => stderr),
    '',
  );
  yield '    </testcase>\n';
}

// A test that fails as expected has errors but counts as passed.
function expected({ attempts, test }: TestRecord, index: number): boolean {
  return test.expectedStatus === 'failed' && attempts[index]!.status === 'failed';
}

function* output(name: string, chunks: readonly string[], rest: string): Generator<string> {
  const text = chunks.join('') + rest;
  if (text !== '') yield `      <${name}>${cdata(text)}</${name}>\n`;
}

// https://plugins.jenkins.io/junit-attachments
function attachmentLines(attempts: readonly Attempt[], outputFile: string | undefined): string {
  const shown = (path: string): string => (outputFile === undefined ? path : relative(dirname(outputFile), path));
  return attempts
    .flatMap(({ attachments }) =>
      attachments.flatMap(({ path }) => (path === undefined ? [] : [`\n[[ATTACHMENT|${shown(path)}]]\n`])),
    )
    .join('');
}
