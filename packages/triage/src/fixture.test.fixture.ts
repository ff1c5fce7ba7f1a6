import type { Attempt, TestCase } from '@chaos/spec';
import type { Verdict } from '@chaos/record';
import type { RunData, TestData } from './runs/run-data.js';

/** A test case with these fields. */
export function testCase(id: string, fields: Partial<TestCase> = {}): TestCase {
  return {
    id,
    title: `test ${id}`,
    titlePath: [`test ${id}`],
    location: { file: '/repo/a.chaos.ts', line: 1, column: 1 },
    project: '',
    category: 'cache',
    tags: [],
    annotations: [],
    catches: [],
    requires: [],
    locks: [],
    expectedStatus: 'passed',
    timeoutMs: 30_000,
    retries: 0,
    ...fields,
  };
}

/** An attempt with these fields. */
export function attempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    testId: 'a',
    retry: 0,
    status: 'passed',
    startMs: 0,
    durationMs: 100,
    workerIndex: 0,
    parallelIndex: 0,
    seed: 's',
    errors: [],
    steps: [],
    attachments: [],
    annotations: [],
    stdout: [],
    stderr: [],
    phases: [],
    faults: [],
    recoveries: [],
    loads: [],
    ...fields,
  };
}

/** A test of a run: one attempt, which fits the verdict. */
export function testData(id: string, verdict: Verdict, fields: Partial<Attempt> = {}): TestData {
  const status = verdict === 'failed' ? 'failed' : verdict === 'passed' ? 'passed' : 'skipped';
  const attempts =
    verdict === 'did not run'
      ? []
      : verdict === 'flaky'
        ? [attempt({ testId: id, status: 'failed', ...fields }), attempt({ testId: id, retry: 1 })]
        : [attempt({ testId: id, status, ...fields })];
  return { test: testCase(id), attempts, verdict, reason: '' };
}

/** A run with these tests. */
export function runData(tests: readonly TestData[], fields: Partial<RunData> = {}): RunData {
  return {
    runId: 'r1',
    file: '/repo/.chaos/runs/r1.jsonl',
    startMs: 0,
    durationMs: 1000,
    status: 'passed',
    version: '0.1.0',
    argv: ['run'],
    variant: undefined,
    withoutFaults: false,
    config: {
      environment: 'ci',
      passRates: { target: 80, acceptable: 70 },
      runner: { maxInconclusive: 0.2, workers: 1, seed: 's' },
    } as RunData['config'],
    place: undefined,
    tests,
    errors: [],
    ...fields,
  };
}
