// Writes and merges the reports of 50,000 tests, each step in its own process, and prints the peak memory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = Number(process.env.TESTS ?? 50_000);
const LIMIT_MB = 300;
const START_MS = Date.UTC(2026, 0, 1);
const [step, folder] = process.argv.slice(2);

const service = { url: undefined, startTimeoutMs: 1000 };
const config = {
  environment: 'ci',
  profile: 'low',
  loadMultiplier: 1,
  deadlineFactor: 1,
  passRates: { target: 85, acceptable: 75 },
  monitor: { intervalMs: 250, policy: 'annotate' },
  services: { postgres: service, redis: service, jwks: service },
  target: {
    command: undefined,
    cwd: '/repo',
    env: {},
    ready: { path: '/', timeoutMs: 1 },
    driver: undefined,
    variants: {},
    services: [],
  },
  network: { backend: 'auto' },
  runner: {
    workers: 2,
    testTimeoutMs: 30_000,
    globalTimeoutMs: 0,
    retries: { count: 1, delayMs: 0, backoff: 1, jitter: 0, timeoutFactor: 1 },
    maxInconclusive: 3,
    requirePurpose: false,
    outputDir: '/repo/r',
    seed: 's',
    forbidOnly: false,
    failOnFlakyTests: false,
    maxFailures: 0,
    preserveOutput: 'always',
    history: { maxRuns: 0, maxBytes: 0 },
    reportSlowTests: { max: 5, thresholdMs: 300_000 },
    globalSetup: [],
    globalTeardown: [],
    projects: [
      {
        name: '',
        testDir: '/repo',
        testMatch: [],
        testIgnore: [],
        dependencies: [],
        retries: 1,
        testTimeoutMs: 30_000,
        repeatEach: 1,
        fullyParallel: false,
        metadata: {},
      },
    ],
  },
  rootDir: '/repo',
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
const testCase = (index) => ({
  id: `${(index * 2654435761).toString(16)}-${index}`,
  title: `answers request ${index}`,
  titlePath: [`group ${index % 500}`, `answers request ${index}`],
  location: {
    file: `/repo/suites/area-${index % 20}/file-${index % 500}.chaos.ts`,
    line: 10 + Math.floor(index / 500),
    column: 3,
  },
  project: '',
  category: `area-${index % 20}`,
  tags: ['@bench'],
  annotations: [],
  catches: [],
  requires: [],
  locks: [],
  expectedStatus: 'passed',
  timeoutMs: 30_000,
  retries: 1,
});
const failure = (index) => ({
  name: 'Error',
  message: `expect(received).toBe(expected) // ${index}`,
  stack: `Error: expect(received).toBe(expected) // ${index}\n${'    at body (/repo/suites/area/file.chaos.ts:12:34)\n'.repeat(8)}`,
  location: { file: `/repo/suites/area-${index % 20}/file-${index % 500}.chaos.ts`, line: 12, column: 34 },
  snippet: '> 12 |   expect(answer).toBe(42)',
});
const attempt = (test, index, failed, retry) => ({
  testId: test.id,
  retry,
  status: failed ? 'failed' : 'passed',
  startMs: START_MS + index,
  durationMs: 12.5,
  workerIndex: index % 2,
  parallelIndex: index % 2,
  seed: 's',
  errors: failed ? [failure(index)] : [],
  steps: [{ title: 'ask', category: 'test.step', startMs: START_MS, durationMs: 3, steps: [] }],
  attachments: [],
  annotations: [],
  stdout: [`asked ${index} times, and got ${index} answers\n`],
  stderr: [],
  phases: [
    { name: 'reset', durationMs: 1.5 },
    { name: 'body', durationMs: 10 },
    { name: 'check', durationMs: 1 },
  ],
  faults: [],
  recoveries: [],
});

function* shard(number, of) {
  const tests = Array.from({ length: TESTS }, (_, index) => index)
    .filter((index) => index % of === number - 1)
    .map((index) => [index, testCase(index)]);
  yield {
    type: 'run-start',
    runId: `r${number}`,
    startMs: START_MS,
    version: '0.1.0',
    argv: [],
    config,
    tests: tests.map(([, test]) => test),
  };
  for (const [index, test] of tests) {
    const failed = index % 10 === 0;
    for (let retry = 0; retry <= (failed ? 1 : 0); retry += 1) {
      yield {
        type: 'test-start',
        testId: test.id,
        retry,
        workerIndex: index % 2,
        parallelIndex: index % 2,
        timeMs: START_MS + index,
      };
      const outcome = failed ? (retry === 0 ? undefined : 'unexpected') : 'expected';
      yield {
        type: 'test-end',
        attempt: attempt(test, index, failed, retry),
        ...(outcome !== undefined && { outcome }),
      };
    }
  }
  yield { type: 'run-end', status: 'failed', endMs: START_MS + 60_000, durationMs: 60_000 };
}

async function feed(reporters, events) {
  let count = 0;
  for (const event of events) {
    for (const reporter of reporters) reporter.onEvent(event);
    if ((count += 1) % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const reporter of reporters) await reporter.end?.();
}

if (step === undefined) {
  const place = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  const rows = [];
  try {
    for (const name of ['json', 'blob', 'all', 'merge']) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, place], {
        encoding: 'utf8',
        env: { ...process.env, TESTS: String(TESTS) },
      });
      if (status !== 0) throw new Error(`${name} ended with ${status}\n${stderr}`);
      rows.push({ step: name, ...JSON.parse(stdout) });
    }
  } finally {
    rmSync(place, { recursive: true });
  }
  console.log(`| ${TESTS} tests, 1 in 10 fails twice | peak memory MB | seconds | written MB |\n|---|---|---|---|`);
  for (const { step: name, peakMb, seconds, writtenMb } of rows)
    console.log(`| ${name} | ${peakMb} | ${seconds} | ${writtenMb} |`);
  const worst = Math.max(...rows.map(({ peakMb }) => peakMb));
  if (worst > LIMIT_MB) {
    console.error(`Peak memory is ${worst} MB, at most ${LIMIT_MB} MB are allowed`);
    process.exitCode = 1;
  }
} else {
  const { createBlobReporter, createJsonReporter, createJunitReporter, createListReporter, mergeReports } =
    await import('@chaos/report');
  const begin = performance.now();
  const list = () => createListReporter({ stream: { write: () => true }, color: false });
  const blobs = join(folder, 'blob-report');
  const json = () => createJsonReporter({ outputFile: join(folder, step, 'results.json') });
  const junit = () => createJunitReporter({ outputFile: join(folder, step, 'results.xml') });
  if (step === 'json') await feed([json()], shard(1, 1));
  else if (step === 'blob')
    for (const current of [1, 2, 3])
      await feed([createBlobReporter({ directory: blobs, shard: { current, total: 3 } })], shard(current, 3));
  else if (step === 'all')
    await feed([list(), json(), junit(), createBlobReporter({ directory: join(folder, step) })], shard(1, 1));
  else {
    const { tests, problems, errors } = await mergeReports({ directory: blobs, reporters: [list(), json(), junit()] });
    if (tests !== TESTS || problems.length + errors.length > 0)
      throw new Error(`merged ${tests} tests, ${problems} ${errors}`);
  }
  const written = step === 'blob' ? blobs : join(folder, step);
  const bytes = readdirSync(written).reduce((sum, name) => sum + statSync(join(written, name)).size, 0);
  console.log(
    JSON.stringify({
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      seconds: Number(((performance.now() - begin) / 1000).toFixed(1)),
      writtenMb: Math.round(bytes / 1e6),
    }),
  );
}
