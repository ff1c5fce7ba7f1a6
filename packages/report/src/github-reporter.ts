import { relative, sep } from 'node:path';
import type { Reporter, RunEvent, SerializedError } from '@chaos/spec';
import { RunRecord, type TestRecord } from '@chaos/record';
import { byVerdict } from './by-verdict.js';
import { formatDuration } from './format-duration.js';
import { formatError } from './format-error.js';
import { plain } from './output/plain.js';
import { hearPrintable } from './output/printable-events.js';
import { Output, type ReportStream } from './output/output.js';
import { testHeader } from './label/test-header.js';

/** Options of {@link createGithubReporter}. */
export interface GithubReporterOptions {
  /** Default: standard output. */
  readonly stream?: ReportStream;
  /** Paths are shown relative to it. Default: `GITHUB_WORKSPACE`, else the working folder. */
  readonly workspace?: string;
}

/** One annotation, as a command of the workflow. */
interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly location?: SerializedError['location'];
  readonly message: string;
}

/**
 * Annotations of GitHub Actions, printed at the end: an error for each failure, a warning for each flaky test, one
 * notice that sums up.
 */
export function createGithubReporter({
  stream = process.stdout,
  workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
}: GithubReporterOptions = {}): Reporter {
  const run = new RunRecord('wrong');
  const output = new Output(stream, 'annotations');
  return hearPrintable({
    printsToStdout: stream === process.stdout,
    onEvent(event: RunEvent) {
      run.apply(event);
      if (event.type !== 'run-end') return;
      for (const annotation of annotationsOf(run, event.durationMs)) output.write(commandOf(annotation, workspace));
    },
    async end() {
      run.close();
      await output.flush();
    },
  });
}

function annotationsOf(run: RunRecord, durationMs: number): Annotation[] {
  const verdicts = byVerdict(run);
  const counts = (
    ['failed', 'interrupted', 'flaky', 'skipped', 'inconclusive', 'did not run', 'passed'] as const
  ).flatMap((verdict) => (verdicts.has(verdict) ? [`  ${verdicts.get(verdict)!.length} ${verdict}`] : []));
  return [
    ...run.errors.map((error): Annotation => ({
      level: 'error',
      title: 'error of no test',
      location: error.location,
      message: withHint(error),
    })),
    ...[...(verdicts.get('failed') ?? []), ...(verdicts.get('interrupted') ?? [])].map((record) =>
      annotationOf(run, record, 'error'),
    ),
    ...(verdicts.get('flaky') ?? []).map((record) => annotationOf(run, record, 'warning')),
    {
      level: 'notice',
      title: 'chaos: summary',
      message: `${counts.join('\n')} (${formatDuration(durationMs)})`,
    },
  ];
}

function annotationOf(run: RunRecord, record: TestRecord, level: 'error' | 'warning'): Annotation {
  const title = testHeader(record.test, run.start?.config);
  const wrong = record.attempts.filter((attempt) => attempt.wrong).map((attempt) => run.attempt(attempt));
  const last = wrong.at(-1);
  const errors = last?.errors ?? [];
  const text =
    errors.map(withHint).join('\n\n') ||
    `Test ${last?.status === 'timedOut' ? 'timed out' : (last?.status ?? 'failed')}`;
  return {
    level,
    title: level === 'warning' ? `flaky: ${title}` : title,
    location: errors[0]?.location ?? record.test.location,
    message: `${record.test.purpose === undefined ? '' : `${record.test.purpose}\n\n`}${text}`,
  };
}

function withHint(error: SerializedError): string {
  return formatError(error) + (error.hint === undefined ? '' : `\n\nHint: ${error.hint}`);
}

function commandOf({ level, title, location, message }: Annotation, workspace: string): string {
  const place =
    location === undefined
      ? {}
      : { file: relative(workspace, location.file).split(sep).join('/'), line: location.line, col: location.column };
  const told = Object.entries({ title, ...place }).flatMap(([key, value]) =>
    value === '' ? [] : [`${key}=${property(String(value))}`],
  );
  return `::${level}${told.length === 0 ? '' : ` ${told.join(',')}`}::${data(plain(message))}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
