import type { Attempt, LoadReport, RunEvent, TestCase } from '@chaos/spec';

/** Start of the runs below. */
export const START_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A test as data. */
export function testCase(id: string, more: Partial<TestCase> = {}): TestCase {
  const title = more.title ?? `test ${id}`;
  return {
    id,
    title,
    titlePath: [title],
    location: { file: '/repo/suites/cache/x.chaos.ts', line: 6, column: 5 },
    project: '',
    category: 'cache',
    tags: [],
    annotations: [],
    catches: [],
    requires: [],
    locks: [],
    expectedStatus: 'passed',
    timeoutMs: 30_000,
    retries: 1,
    ...more,
  };
}

/** An attempt that passed. */
export function attempt(testId: string, more: Partial<Attempt> = {}): Attempt {
  return {
    testId,
    retry: 0,
    status: 'passed',
    startMs: START_MS,
    durationMs: 10_000,
    workerIndex: 0,
    parallelIndex: 0,
    seed: 'abc',
    errors: [],
    steps: [],
    attachments: [],
    annotations: [],
    stdout: [],
    stderr: [],
    phases: [{ name: 'body', durationMs: 10_000 }],
    faults: [],
    recoveries: [],
    loads: [],
    ...more,
  };
}

/** Ten seconds of load: 100 operations per second, none while a fault is on from 4 to 6 s, when 20 time out. */
export function load(): LoadReport {
  const seconds = Array.from({ length: 10 }, (_, index) => index);
  const isBroken = (second: number): boolean => second === 4 || second === 5;
  const summary = { count: 840, min: 1, mean: 5, p50: 4, p90: 8, p95: 9, p99: 40, max: 50 };
  return {
    startMs: START_MS,
    operations: 840,
    durationMs: 10_000,
    concurrency: 8,
    counts: { ok: 800, wrong: 0, rejected: 0, unavailable: 0, timeout: 40, unknown: 0 },
    judged: true,
    errors: [{ outcome: 'timeout', message: 'no answer', count: 40 }],
    throughput: 80,
    latency: summary,
    timeline: {
      intervalMs: 1000,
      ok: seconds.map((second) => (isBroken(second) ? 0 : 100)),
      failed: seconds.map((second) => (isBroken(second) ? 20 : 0)),
      failedBy: { timeout: seconds.map((second) => (isBroken(second) ? 20 : 0)) },
      latency: { p50: seconds.map(() => 4), p95: seconds.map(() => 9), p99: seconds.map(() => 40) },
    },
  };
}

/** The start of a run; the fields of the configuration that reports read. */
export function runStart(tests: readonly TestCase[]): RunEvent {
  const config = {
    environment: 'ci',
    profile: 'medium',
    passRates: { target: 85, acceptable: 75 },
    runner: { workers: 2, seed: 'abc', outputDir: '/repo/chaos-results' },
    rootDir: '/repo',
    metadata: { gitCommit: { hash: 'f00' } },
    provenance: { 'runner.workers': { layer: 'chaos.yaml', source: 'chaos.yaml:3:12' } },
  };
  return {
    type: 'run-start',
    runId: 'r1',
    startMs: START_MS,
    version: '0.1.0',
    argv: [],
    config: config as never,
    tests,
  };
}

/** The end of a run. */
export function runEnd(status: 'passed' | 'failed' = 'failed'): RunEvent {
  return { type: 'run-end', status, endMs: START_MS + 60_000, durationMs: 60_000 };
}
