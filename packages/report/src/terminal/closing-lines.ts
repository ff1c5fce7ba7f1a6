import type { Colors } from './colors.js';
import { formatDuration } from '../format-duration.js';
import { skipReason, verdictOf, type RunRecord, type TestRecord, type Verdict } from '@chaos/record';
import { testHeader } from '../test-header.js';

/** Playwright's last lines: `  N failed` … `  N passed (1.2s)`, with the tests that did not pass. */
export function closingLines(run: RunRecord, colors: Colors): string[] {
  const byVerdict = new Map<Verdict, TestRecord[]>();
  for (const record of run.tests.values()) {
    const verdict = verdictOf(record);
    const group = byVerdict.get(verdict);
    if (group === undefined) byVerdict.set(verdict, [record]);
    else group.push(record);
  }
  const of = (verdict: Verdict): readonly TestRecord[] => byVerdict.get(verdict) ?? [];
  const rootDir = run.start?.config.rootDir ?? '/';
  const lines: string[] = [];
  const group = (verdict: Verdict, paint: (text: string) => string): void => {
    const records = of(verdict);
    if (records.length > 0)
      lines.push(
        paint(`  ${records.length} ${verdict}`),
        ...records.map(({ test }) => paint(`    ${testHeader(test, rootDir)}`)),
      );
  };
  const { errors } = run;
  if (errors.length > 0)
    lines.push(
      colors.red(
        errors.length === 1
          ? '  1 error was not a part of any test, see above for details'
          : `  ${errors.length} errors were not a part of any test, see above for details`,
      ),
    );
  group('failed', colors.red);
  group('interrupted', colors.red);
  group('flaky', colors.yellow);
  lines.push(...leaks(run, rootDir).map((line) => colors.yellow(line)));
  const silent = [...of('skipped'), ...of('inconclusive')];
  if (silent.length > 0) {
    const inconclusive = of('inconclusive').length;
    lines.push(
      colors.yellow(`  ${silent.length} skipped${inconclusive > 0 ? ` (${inconclusive} inconclusive)` : ''}`),
      ...reasons(silent).map((line) => colors.dim(line)),
    );
  }
  const apart = of('quarantined');
  if (apart.length > 0) {
    const failing = apart.filter(({ test, attempts }) => attempts.at(-1)?.quarantined !== test.expectedStatus).length;
    lines.push(
      colors.yellow(`  ${apart.length} quarantined${failing > 0 ? ` (${failing} failed)` : ''}`),
      ...reasons(apart).map((line) => colors.dim(line)),
    );
  }
  const missing = of('did not run');
  if (missing.length > 0)
    lines.push(colors.yellow(`  ${missing.length} did not run`), ...reasons(missing).map((line) => colors.dim(line)));
  const duration = colors.dim(` (${formatDuration(run.end?.durationMs ?? 0)})`);
  if (of('passed').length > 0) lines.push(colors.green(`  ${of('passed').length} passed`) + duration);
  if (run.end?.status === 'timedout')
    lines.push(
      colors.red(
        `  Timed out waiting ${(run.start?.config.runner.globalTimeoutMs ?? 0) / 1000}s for the test suite to run`,
      ),
    );
  return lines;
}

// A passed test may have left something behind, too.
function leaks(run: RunRecord, rootDir: string): string[] {
  const lines = [...run.tests.values()].flatMap(({ test, attempts }) => {
    const left = new Set(
      attempts.flatMap(({ annotations }) =>
        annotations.filter(({ type }) => type === 'leak').map(({ description = '' }) => description),
      ),
    );
    return left.size === 0 ? [] : [`    ${testHeader(test, rootDir)}`, ...[...left].map((what) => `      ${what}`)];
  });
  const tests = lines.filter((line) => !line.startsWith('      ')).length;
  return tests === 0 ? [] : [`  ${tests} leaked`, ...lines];
}

// Inconclusive tests with the same reason share a line.
function reasons(records: readonly TestRecord[]): string[] {
  const names = new Map<string, string[]>();
  for (const record of records) {
    const kind = record.attempts.at(-1)?.inconclusive === undefined ? '' : 'inconclusive: ';
    const reason = skipReason(record);
    if (reason === '') continue;
    const sharing = names.get(kind + reason) ?? [];
    names.set(kind + reason, sharing);
    sharing.push(record.test.chaosId ?? record.test.title);
  }
  return [...names].map(
    ([reason, tests]) =>
      `    ${tests.slice(0, 8).join(', ')}${tests.length > 8 ? ` and ${tests.length - 8} more` : ''}: ${reason}`,
  );
}
