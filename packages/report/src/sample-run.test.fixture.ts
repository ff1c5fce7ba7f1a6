import type { Attempt, Reporter, ResolvedConfig, RunEvent, TestCase } from '@chaos/spec';

export const START_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

const retryPolicy = {
  count: 1,
  delayMs: 0,
  backoff: 1,
  jitter: 0,
  timeoutFactor: 1,
  placement: 'immediate',
  isolation: 'same',
} as const;
const project = {
  testDir: '/repo',
  testMatch: ['**/*.chaos.ts'],
  testIgnore: [],
  dependencies: [],
  teardown: undefined,
  retries: 1,
  retryPolicy,
  testTimeoutMs: 30_000,
  repeatEach: 1,
  repeatEachAsDependency: 1,
  fullyParallel: false,
  grep: undefined,
  grepInvert: undefined,
  secret: [],
  metadata: {},
  outputDir: '/repo/chaos-results',
  workers: undefined,
  expect: { timeoutMs: 5000, toPass: { timeoutMs: 0, intervalsMs: [100] } },
};
const service = { url: undefined, startTimeoutMs: 1000 };

export const config: ResolvedConfig = {
  environment: 'ci',
  profile: 'medium',
  loadMultiplier: 1,
  deadlineFactor: 1.5,
  passRates: { target: 85, acceptable: 75 },
  monitor: { intervalMs: 250, policy: 'annotate' },
  services: { postgres: service, redis: service, jwks: service },
  target: {
    command: undefined,
    cwd: '/repo',
    env: {},
    ready: { path: '/', timeoutMs: 1 },
    setup: undefined,
    restart: 'on-fault',
    driver: undefined,
    variants: {},
    services: [],
  },
  targets: {},
  network: { backend: 'auto', sandbox: 'auto' },
  runner: {
    workers: 2,
    capacities: { cpu: 2 },
    testTimeoutMs: 30_000,
    globalTimeoutMs: 0,
    reporterTimeoutMs: 0,
    retries: retryPolicy,
    maxInconclusive: 3,
    requirePurpose: false,
    requireNeeds: false,
    leaks: 'annotate',
    outputDir: '/repo/chaos-results',
    seed: 'abc 1',
    forbidOnly: false,
    failOnFlakyTests: false,
    maxFailures: 0,
    shard: undefined,
    preserveOutput: 'always',
    history: { maxRuns: 0, maxBytes: 0 },
    reportSlowTests: { max: 5, thresholdMs: 300_000 },
    globalSetup: [],
    globalTeardown: [],
    projects: [
      { ...project, name: '', givenName: '' },
      { ...project, name: 'sample', givenName: 'sample' },
    ],
    configModule: undefined,
    quarantine: undefined,
    grep: undefined,
    grepInvert: undefined,
    tag: [],
    captureGitInfo: { commit: false, diff: false },
    quiet: false,
    tsconfig: undefined,
    reporters: [['list', {}]],
    expect: project.expect,
  },
  rootDir: '/repo',
  secret: [],
  metadata: {},
  provenance: {},
  concurrentRequests: 50,
  timeoutMs: 1000,
  connectionPoolSize: 10,
  retryAttempts: 3,
  iterations: 1,
  dataRows: 1,
  cacheTtlMs: 1,
  jitterMs: 0,
  warmupOperations: 1,
};

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

export function attempt(testId: string, more: Partial<Attempt> = {}): Attempt {
  return {
    testId,
    retry: 0,
    status: 'passed',
    startMs: START_MS,
    durationMs: 1234,
    workerIndex: 0,
    parallelIndex: 0,
    seed: `abc 1`,
    errors: [],
    steps: [],
    attachments: [],
    annotations: [],
    stdout: [],
    stderr: [],
    phases: [{ name: 'body', durationMs: 1000 }],
    faults: [],
    recoveries: [],
    loads: [],
    ...more,
  };
}

export const failure: Partial<Attempt> = {
  status: 'failed',
  errors: [
    {
      name: 'InvariantViolation',
      message: 'stale read',
      code: 'INVARIANT_VIOLATION',
      invariant: true,
      hint: 'Invalidate in the transaction.',
      stack:
        'InvariantViolation: stale read\n    at read (/repo/suites/cache/x.chaos.ts:8:3)\n    at process (node:internal/process:1:1)',
      snippet: '> 8 |   expect(x)',
      location: { file: '/repo/suites/cache/x.chaos.ts', line: 8, column: 3 },
      cause: { message: 'older' },
    },
  ],
  faults: [{ name: 'link target→redis cut', startMs: START_MS + 400, endMs: START_MS + 1200 }],
};

export const start = (tests: readonly TestCase[], more: object = {}): RunEvent => ({
  type: 'run-start',
  runId: 'r1',
  startMs: START_MS,
  version: '0.1.0',
  argv: ['--x'],
  config,
  tests,
  ...more,
});
export const finish = (more: object = {}): RunEvent => ({
  type: 'run-end',
  status: 'failed',
  endMs: START_MS + 9000,
  durationMs: 9000,
  ...more,
});

/** All ways in which a test can end. */
export function everyVerdict(): RunEvent[] {
  return [
    start(
      [
        testCase('p', {
          chaosId: 'C01',
          purpose: 'Reads survive.',
          catches: ['stampede'],
          tags: ['@cache'],
          titlePath: ['outage', 'deep', 'test p'],
        }),
        testCase('f', {
          chaosId: 'C04',
          project: 'sample',
          location: { file: '/repo/suites/cache/x.chaos.ts', line: 16, column: 5 },
        }),
        testCase('k', { category: 'auth', location: { file: '/repo/suites/auth/a.chaos.ts', line: 3, column: 1 } }),
        testCase('s'),
        testCase('b'),
        testCase('i', { chaosId: 'K04' }),
        testCase('n'),
        testCase('x'),
      ],
      { variant: 'stampede' },
    ),
    {
      type: 'test-end',
      attempt: attempt('p', {
        recoveries: [{ what: 'read', recoveryMs: 12, withinMs: 500 }],
        steps: [
          { title: 'own', category: 'test.step', startMs: START_MS, durationMs: 5, steps: [] },
          { title: 'hook', category: 'hook', startMs: START_MS, durationMs: 5, steps: [] },
        ],
      }),
      outcome: 'expected',
    },
    { type: 'test-end', attempt: attempt('f', failure) },
    { type: 'test-end', attempt: attempt('f', { ...failure, retry: 1, workerIndex: 2 }), outcome: 'unexpected' },
    {
      type: 'test-end',
      attempt: attempt('k', { status: 'timedOut', errors: [{ message: 'Test timeout of 30000ms exceeded.' }] }),
    },
    { type: 'test-end', attempt: attempt('k', { retry: 1 }), outcome: 'flaky' },
    { type: 'test-skip', testId: 's', reason: 'needs redis-server', didNotRun: false },
    {
      type: 'test-end',
      attempt: attempt('b', { status: 'skipped', annotations: [{ type: 'skip', description: 'not today' }] }),
      outcome: 'skipped',
    },
    {
      type: 'test-end',
      attempt: attempt('i', { status: 'skipped', inconclusive: 'no deadlock up to 400' }),
      outcome: 'skipped',
    },
    { type: 'test-skip', testId: 'n', reason: 'stopped early', didNotRun: true },
    { type: 'test-end', attempt: attempt('x', { status: 'interrupted' }) },
    { type: 'run-error', error: { message: 'slot 1 died', hint: 'Look at its log.' } },
    { type: 'diagnostic', text: 'port 5001' },
    { type: 'overload-change', verdict: { overloaded: true, reason: 'others use 1.9 CPUs' }, timeMs: START_MS },
    finish({ calibration: { speed: 0.85, contention: 1.2, deadlineFactor: 1.5, duringContention: 2.1 } }),
  ];
}

export async function feed(reporter: Reporter, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) reporter.onEvent(event);
  await reporter.end?.();
}
