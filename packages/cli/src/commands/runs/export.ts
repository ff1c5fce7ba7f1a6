import { resolve } from 'node:path';
import { ExitCode, replaceFile, UsageError } from '@chaos/spec';
import { historyRows, readRun, toCsv, toOpenMetrics, type HistoryRow, type RunData } from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { findRuns } from '../../history/find-runs.js';
import { runScope } from '../../history/run-scope.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { table } from '../../output/table.js';
import { tell } from '../../output/tell.js';

/** Flags of `chaos export`. */
export interface ExportFlags {
  readonly config?: string;
  readonly format?: string;
  readonly output?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

const FORMATS = ['csv', 'json', 'openmetrics'] as const;

/** `chaos export`. Exit code 3 when there is no readable run. */
export async function exportRuns(words: string, flags: ExportFlags, context: CliContext): Promise<ExitCode> {
  const format = flags.json === true ? 'json' : FORMATS.find((each) => each === (flags.format ?? 'csv'));
  if (format === undefined)
    throw new UsageError(`Cannot export as ${JSON.stringify(flags.format)}: known formats are ${FORMATS.join(', ')}`);
  const runs: RunData[] = [];
  for (const file of findRuns(words, runScope(flags, context))) runs.push(await readRun(file));
  if (flags.list === true) return listRuns(runs, flags, context);
  if (flags.output === undefined) {
    if (format === 'json') printJson(context, asJson(runs));
    else print(context, textOf(runs, format));
    return ExitCode.passed;
  }
  const file = resolve(context.cwd, flags.output);
  try {
    replaceFile(file, format === 'json' ? `${JSON.stringify(asJson(runs), undefined, 2)}\n` : textOf(runs, format));
  } catch (cause) {
    throw new UsageError(`Cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
  tell(
    context,
    `Wrote ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} to ${flags.output}. Next: load it into your own tool.`,
  );
  return ExitCode.passed;
}

function textOf(runs: readonly RunData[], format: 'csv' | 'openmetrics'): string {
  if (format === 'openmetrics') return toOpenMetrics(runs);
  const rows = runs.flatMap(historyRows);
  return toCsv(
    COLUMNS.map(snake),
    rows.map((row) => COLUMNS.map((column) => row[column])),
  );
}

const COLUMNS: readonly (keyof HistoryRow)[] = [
  'runId',
  'start',
  'commit',
  'branch',
  'version',
  'environment',
  'fingerprint',
  'variant',
  'seed',
  'testId',
  'chaosId',
  'category',
  'project',
  'title',
  'verdict',
  'attempts',
  'durationMs',
  'recoveryMs',
  'failureClass',
  'error',
  'overloaded',
];

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function asJson(runs: readonly RunData[]): unknown {
  return {
    schemaVersion: 1,
    runs: runs.map(({ runId, startMs, durationMs, status, version, variant, config, place, tests }) => ({
      runId,
      startMs,
      durationMs,
      status: status ?? null,
      version,
      variant,
      environment: config.environment,
      seed: config.runner.seed,
      workers: config.runner.workers,
      place,
      tests: tests.map(({ test, verdict, reason, attempts }) => ({
        testId: test.id,
        chaosId: test.chaosId,
        title: test.titlePath,
        category: test.category,
        verdict,
        ...(reason !== '' && { reason }),
        attempts: attempts.map((attempt) => ({
          status: attempt.status,
          durationMs: attempt.durationMs,
          failureClass: attempt.failureClass,
          error: attempt.errors[0]?.message,
          phases: attempt.phases,
          faults: attempt.faults,
          recoveries: attempt.recoveries,
          loads: attempt.loads,
          machine: attempt.machine,
        })),
      })),
    })),
  };
}

function listRuns(runs: readonly RunData[], { json }: ExportFlags, context: CliContext): ExitCode {
  const rows = runs.map((run) => {
    const count = (...verdicts: readonly string[]): number =>
      run.tests.filter(({ verdict }) => verdicts.includes(verdict)).length;
    return {
      runId: run.runId,
      start: new Date(run.startMs).toISOString(),
      status: run.status ?? 'cut off',
      passed: count('passed', 'flaky'),
      failed: count('failed'),
      tests: run.tests.length,
      commit: run.place?.commit?.slice(0, 8) ?? '',
      variant: run.variant ?? '',
    };
  });
  if (json === true) printJson(context, { schemaVersion: 1, runs: rows });
  else
    print(
      context,
      table([
        ['id', 'start (UTC)', 'status', 'passed', 'failed', 'commit', 'variant'],
        ...rows.map((row) => [
          row.runId,
          row.start.slice(0, 16).replace('T', ' '),
          row.status,
          `${row.passed}/${row.tests}`,
          `${row.failed}`,
          row.commit,
          row.variant,
        ]),
      ]),
    );
  return ExitCode.passed;
}
