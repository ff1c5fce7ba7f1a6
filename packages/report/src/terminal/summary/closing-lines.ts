import { skipReason, type RunRecord, type TestRecord, type Verdict } from '@chaos/record';
import { byVerdict } from '../../by-verdict.js';
import { formatDuration } from '../../format-duration.js';
import { testHeader } from '../../label/test-header.js';
import type { Colors } from '../colors.js';

/** Playwright's last lines: `  N failed` … `  N passed (1.2s)`, with the tests that did not pass. */
export function closingLines(run: RunRecord, colors: Colors): string[] {
  const verdicts = byVerdict(run);
  const of = (verdict: Verdict): readonly TestRecord[] => verdicts.get(verdict) ?? [];
  const named = (verdict: Verdict, paint: (text: string) => string): string[] => {
    const records = of(verdict);
    if (records.length === 0) return [];
    return [
      paint(`  ${records.length} ${verdict}`),
      ...records.map(({ test }) => paint(`    ${testHeader(test, run.start?.config)}`)),
    ];
  };
  const explained = (records: readonly TestRecord[], what: string): string[] =>
    records.length === 0
      ? []
      : [colors.yellow(`  ${records.length} ${what}`), ...reasons(records).map((line) => colors.dim(line))];
  const apart = of('quarantined');
  const failing = apart.filter(({ test, attempts }) => attempts.at(-1)?.quarantined !== test.expectedStatus).length;
  const inconclusive = of('inconclusive');
  const duration = colors.dim(` (${formatDuration(run.end?.durationMs ?? 0)})`);
  return [
    ...outsideOfTests(run.errors.length).map(colors.red),
    ...named('failed', colors.red),
    ...named('interrupted', colors.red),
    ...named('flaky', colors.yellow),
    ...leaks(run).map((line) => colors.yellow(line)),
    ...explained([...of('skipped'), ...inconclusive], `skipped${among(inconclusive.length, 'inconclusive')}`),
    ...explained(apart, `quarantined${among(failing, 'failed')}`),
    ...explained(of('did not run'), 'did not run'),
    ...(of('passed').length > 0 ? [colors.green(`  ${of('passed').length} passed`) + duration] : []),
    ...timedOut(run).map(colors.red),
  ];
}

function outsideOfTests(errors: number): string[] {
  if (errors === 0) return [];
  const [what, verb] = errors === 1 ? ['error', 'was'] : ['errors', 'were'];
  return [`  ${errors} ${what} ${verb} not a part of any test, see above for details`];
}

function among(count: number, what: string): string {
  return count > 0 ? ` (${count} ${what})` : '';
}

function timedOut({ end, start }: RunRecord): string[] {
  if (end?.status !== 'timedout') return [];
  if (start === undefined) return ['  Timed out before the tests were found'];
  return [`  Timed out waiting ${start.config.runner.globalTimeoutMs / 1000}s for the test suite to run`];
}

// A passed test may have left something behind, too.
function leaks(run: RunRecord): string[] {
  const lines = [...run.tests.values()].flatMap(({ test, attempts }) => {
    const left = new Set(
      attempts.flatMap(({ annotations }) =>
        annotations.filter(({ type }) => type === 'leak').map(({ description = '' }) => description),
      ),
    );
    return left.size === 0
      ? []
      : [`    ${testHeader(test, run.start?.config)}`, ...[...left].map((what) => `      ${what}`)];
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
