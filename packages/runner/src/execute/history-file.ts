import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStatus } from '@chaos/spec';
import { historyOf, noHistory, type History } from '../plan/history.js';
import type { TestResult } from './results.js';

const NEWEST = 0.5;

/** What the runs in an output folder measured; kept between runs beside their results. */
export class HistoryFile {
  readonly #path: string;
  readonly #lastRunPath: string;
  readonly history: History;

  constructor(outputDir: string, lastRunPath: string) {
    this.#path = join(outputDir, '.history.json');
    this.#lastRunPath = lastRunPath;
    this.history = read(this.#path);
  }

  /** Adds a run: durations are averaged with more weight on the newest; tests that did not run keep what they had. */
  add(results: ReadonlyMap<string, TestResult>, status: RunStatus): void {
    const tests: Record<string, History['tests'][string]> = { ...this.history.tests };
    for (const [id, { attempts, outcome }] of results) {
      const last = attempts.findLast((attempt) => attempt.status !== 'skipped');
      if (!last) continue;
      const before = tests[id]?.durationMs ?? last.durationMs;
      tests[id] = {
        durationMs: Math.round(before + (last.durationMs - before) * NEWEST),
        failed: outcome === 'unexpected',
      };
    }
    const failedTests = [...results].flatMap(([id, { outcome, ran }]) =>
      outcome === 'unexpected' || !ran ? [id] : [],
    );
    write(this.#path, { tests });
    // Playwright's file and shape.
    write(this.#lastRunPath, { status, failedTests });
  }
}

/** The ids that failed or did not run last time; `undefined` when no run is known. */
export function lastFailed(path: string): ReadonlySet<string> | undefined {
  try {
    return new Set((JSON.parse(readFileSync(path, 'utf8')) as { failedTests: string[] }).failedTests);
  } catch {
    return undefined;
  }
}

function read(path: string): History {
  try {
    return historyOf((JSON.parse(readFileSync(path, 'utf8')) as { tests: History['tests'] }).tests);
  } catch {
    return noHistory;
  }
}

// History only makes the next run faster: a folder that cannot be written costs that, not this run.
function write(path: string, value: unknown): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(value));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}
