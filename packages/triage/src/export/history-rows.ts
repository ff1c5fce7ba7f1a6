import type { RunData, TestData } from '../runs/run-data.js';
import { lastFailure } from '../runs/failures.js';

/** One test of one run in an export: texts, numbers, or nothing. */
export interface HistoryRow {
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly version: string;
  readonly environment: string;
  readonly fingerprint: string | undefined;
  readonly variant: string | undefined;
  readonly seed: string;
  readonly testId: string;
  readonly chaosId: string | undefined;
  readonly category: string;
  readonly project: string;
  readonly title: string;
  readonly verdict: string;
  readonly attempts: number;
  /** Of all attempts. */
  readonly durationMs: number;
  /** The slowest recovery of the last attempt. */
  readonly recoveryMs: number | undefined;
  readonly failureClass: string | undefined;
  /** First line of the last failure. */
  readonly error: string | undefined;
  readonly overloaded: boolean;
}

/** One row for each test of a run. */
export function historyRows(run: RunData): readonly HistoryRow[] {
  return run.tests.map((test) => rowOf(run, test));
}

function rowOf({ runId, startMs, place, version, config, variant }: RunData, data: TestData): HistoryRow {
  const { test, attempts, verdict } = data;
  const failure = lastFailure(data);
  const recoveries = attempts.at(-1)?.recoveries.map(({ recoveryMs }) => recoveryMs) ?? [];
  return {
    runId,
    start: new Date(startMs).toISOString(),
    commit: place?.commit,
    branch: place?.branch,
    version,
    environment: config.environment,
    fingerprint: place?.fingerprint,
    variant,
    seed: config.runner.seed,
    testId: test.id,
    chaosId: test.chaosId,
    category: test.category,
    project: test.project,
    title: test.titlePath.join(' › '),
    verdict,
    attempts: attempts.length,
    durationMs: Math.round(attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0)),
    recoveryMs: recoveries.length === 0 ? undefined : Math.round(Math.max(...recoveries)),
    failureClass: failure?.failureClass,
    error: failure?.errors[0]?.message?.split('\n')[0],
    overloaded: attempts.some(({ machine }) => machine?.overloaded === true),
  };
}
