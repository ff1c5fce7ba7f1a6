import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, tryReplaceFile } from '@chaos/spec';
import type { AttemptStatus, RunStatus, TestOutcome } from '@chaos/spec';
import { noTimings, timingsOf, type Timings } from './timings.js';

const NEWEST_WEIGHT = 0.5;

/** Final result of one test, as far as the next run needs it. */
export interface TimedResult {
  readonly attempts: readonly { readonly status: AttemptStatus; readonly durationMs: number }[];
  readonly outcome: TestOutcome | undefined;
  /** False when the run ended before the test began. */
  readonly ran: boolean;
}

/**
 * The timings kept in an output folder (`.history.json`), and the list of tests that failed last (in Playwright's
 * format).
 */
export class TimingFile {
  readonly #path: string;
  readonly #lastRunPath: string;
  readonly timings: Timings;

  constructor(outputDir: string, lastRunPath: string) {
    this.#path = join(outputDir, '.history.json');
    this.#lastRunPath = lastRunPath;
    this.timings = read(this.#path);
  }

  /**
   * A run of these tests begins. Until {@link add} nothing is known of any: after a run that was killed, `lastFailed`
   * gives them all, and not the failures of a run before it.
   */
  begin(ids: readonly string[]): void {
    write(this.#lastRunPath, { status: 'interrupted' satisfies RunStatus, failedTests: ids });
  }

  /** Adds a run: averages durations with more weight on the newest; tests that did not run keep their values. */
  add(results: ReadonlyMap<string, TimedResult>, status: RunStatus): void {
    const tests: Record<string, Timings['tests'][string]> = { ...this.timings.tests };
    for (const [id, { attempts, outcome }] of results) {
      const last = attempts.findLast((attempt) => attempt.status !== 'skipped');
      if (!last) continue;
      const before = tests[id]?.durationMs ?? last.durationMs;
      tests[id] = {
        durationMs: Math.round(before + (last.durationMs - before) * NEWEST_WEIGHT),
        failed: outcome === 'unexpected',
      };
    }
    const failedTests = [...results].flatMap(([id, { outcome, ran }]) =>
      outcome === 'unexpected' || !ran ? [id] : [],
    );
    write(this.#path, { tests });
    write(this.#lastRunPath, { status, failedTests });
  }
}

/** Ids of tests that failed or did not run last time; `undefined` if no run is known. */
export function lastFailed(path: string): ReadonlySet<string> | undefined {
  try {
    const { failedTests } = JSON.parse(plainText(path)) as { readonly failedTests?: unknown };
    return Array.isArray(failedTests) ? new Set(failedTests as readonly string[]) : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): Timings {
  try {
    return timingsOf((JSON.parse(plainText(path)) as { tests: Timings['tests'] }).tests);
  } catch {
    return noTimings;
  }
}

// Timings only speed up the next run, so a read-only folder must not fail this one.
function write(path: string, value: unknown): void {
  try {
    makeFolder(dirname(path), 0o700);
  } catch {
    return;
  }
  tryReplaceFile(path, JSON.stringify(value));
}

// Nobody may ever write to a pipe of that name, and reading it would wait for that.
function plainText(path: string): string {
  if (!statSync(path).isFile()) throw new Error(`Cannot read ${path}: it is no plain file`);
  return readFileSync(path, 'utf8');
}
