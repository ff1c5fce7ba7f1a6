import { relative, sep } from 'node:path';
import type { Reporter, RunEvent, SerializedError } from '@chaos/spec';
import { formatDuration } from './format-duration.js';
import { formatError } from './format-error.js';
import { plain } from './output/plain.js';
import { hearPrintable } from './output/printable-events.js';
import { Output, type ReportStream } from './output/output.js';
import { RunRecord, verdictOf, type TestRecord, type Verdict } from '@chaos/record';
import { testHeader } from './test-header.js';

/** Options of {@link createGithubReporter}. */
export interface GithubReporterOptions {
  /** Default: standard output. */
  readonly stream?: ReportStream;
  /** Paths are shown relative to it. Default: `GITHUB_WORKSPACE`, else the working folder. */
  readonly workspace?: string;
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

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
  const command = (
    name: string,
    properties: Readonly<Record<string, string | number | undefined>>,
    message: string,
  ): void => {
    const told = Object.entries(properties).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [`${key}=${property(String(value))}`],
    );
    output.write(`::${name}${told.length === 0 ? '' : ` ${told.join(',')}`}::${data(plain(message))}\n`);
  };
  const place = (
    location: SerializedError['location'],
  ): { readonly file?: string; readonly line?: number; readonly col?: number } =>
    location === undefined
      ? {}
      : { file: relative(workspace, location.file).split(sep).join('/'), line: location.line, col: location.column };
  const annotate = (name: 'error' | 'warning', record: TestRecord): void => {
    const title = testHeader(record.test, run.start?.config.rootDir ?? '/');
    const wrong = record.attempts.filter((attempt) => attempt.wrong).map((attempt) => run.attempt(attempt));
    const last = wrong.at(-1);
    const errors = last?.errors ?? [];
    const text =
      errors
        .map((error) => formatError(error) + (error.hint === undefined ? '' : `\n\nHint: ${error.hint}`))
        .join('\n\n') || `Test ${last?.status === 'timedOut' ? 'timed out' : (last?.status ?? 'failed')}`;
    command(
      name,
      { title: name === 'warning' ? `flaky: ${title}` : title, ...place(errors[0]?.location ?? record.test.location) },
      `${record.test.purpose === undefined ? '' : `${record.test.purpose}\n\n`}${text}`,
    );
  };
  return hearPrintable({
    printsToStdout: stream === process.stdout,
    onEvent(event: RunEvent) {
      run.apply(event);
      if (event.type !== 'run-end') return;
      const byVerdict = byVerdictOf(run);
      for (const error of run.errors)
        command(
          'error',
          { title: 'error of no test', ...place(error.location) },
          formatError(error) + (error.hint === undefined ? '' : `\n\nHint: ${error.hint}`),
        );
      for (const verdict of ['failed', 'interrupted'] as const)
        for (const record of byVerdict.get(verdict) ?? []) annotate('error', record);
      for (const record of byVerdict.get('flaky') ?? []) annotate('warning', record);
      const counts = (
        ['failed', 'interrupted', 'flaky', 'skipped', 'inconclusive', 'did not run', 'passed'] as const
      ).flatMap((verdict) => (byVerdict.has(verdict) ? [`  ${byVerdict.get(verdict)!.length} ${verdict}`] : []));
      command('notice', { title: 'chaos: summary' }, `${counts.join('\n')} (${formatDuration(event.durationMs)})`);
    },
    async end() {
      run.close();
      await output.flush();
    },
  });
}

function byVerdictOf(run: RunRecord): Map<Verdict, TestRecord[]> {
  const groups = new Map<Verdict, TestRecord[]>();
  for (const record of run.tests.values()) {
    const verdict = verdictOf(record);
    const group = groups.get(verdict);
    if (group === undefined) groups.set(verdict, [record]);
    else group.push(record);
  }
  return groups;
}
