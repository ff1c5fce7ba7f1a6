import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { RunEvent } from '@chaos/spec';
import { afterAll, expect, test } from 'vitest';
import { createJsonReporter } from './json-reporter.js';
import { attempt, everyVerdict, feed, finish, start, START_MS, testCase } from '../sample-run.test.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'chaos-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(events: readonly RunEvent[]): Promise<string> {
  const stream = new PassThrough();
  const all = text(stream);
  await feed(createJsonReporter({ stream, configFile: '/repo/chaos.yaml' }), events);
  stream.end();
  return all;
}

test('is what JSON.stringify would have written', async () => {
  const report = await written(everyVerdict());
  expect(report).toBe(`${JSON.stringify(JSON.parse(report), undefined, 2)}\n`);
  const empty = await written([start([]), finish()]);
  expect(empty).toBe(`${JSON.stringify(JSON.parse(empty), undefined, 2)}\n`);
});

test('has every field of Playwright at the top', async () => {
  const { config, errors, stats, chaos, suites, ...rest } = JSON.parse(await written(everyVerdict()));
  expect(rest).toEqual({});
  expect(Object.keys(config)).toEqual([
    'argv',
    'configFile',
    'rootDir',
    'failOnFlakyTests',
    'forbidOnly',
    'fullyParallel',
    'globalSetup',
    'globalTeardown',
    'globalTimeout',
    'grep',
    'grepInvert',
    'maxFailures',
    'metadata',
    'preserveOutput',
    'quiet',
    'reporter',
    'reportSlowTests',
    'shard',
    'tags',
    'updateSnapshots',
    'updateSourceMethod',
    'version',
    'workers',
    'webServer',
    'projects',
  ]);
  expect(config).toMatchObject({
    rootDir: '/repo',
    configFile: '/repo/chaos.yaml',
    workers: 2,
    version: '0.1.0',
    metadata: { actualWorkers: 2 },
  });
  expect(config.projects[1]).toEqual({
    outputDir: '/repo/chaos-results',
    repeatEach: 1,
    retries: 1,
    metadata: {},
    id: 'sample',
    name: 'sample',
    testDir: '/repo',
    testIgnore: [],
    testMatch: ['**/*.chaos.ts'],
    timeout: 30_000,
    chaos: { expect: { timeoutMs: 5000, toPass: { timeoutMs: 0, intervalsMs: [100] } } },
  });
  expect(errors).toEqual([{ message: 'slot 1 died', chaos: { hint: 'Look at its log.' } }]);
  expect(stats).toEqual({
    startTime: '2026-01-02T03:04:05.000Z',
    duration: 9000,
    expected: 1,
    skipped: 5,
    unexpected: 1,
    flaky: 1,
  });
  expect(chaos).toEqual({
    schemaVersion: 1,
    runId: 'r1',
    status: 'failed',
    seed: 'abc 1',
    environment: 'ci',
    profile: 'medium',
    variant: 'stampede',
    calibration: { speed: 0.85, contention: 1.2, deadlineFactor: 1.5, duringContention: 2.1 },
  });
  expect(suites.map(({ specs: _specs, suites: _suites, ...place }: Record<string, unknown>) => place)).toEqual([
    { title: 'suites/cache/x.chaos.ts', file: 'suites/cache/x.chaos.ts', line: 0, column: 0 },
    { title: 'suites/auth/a.chaos.ts', file: 'suites/auth/a.chaos.ts', line: 0, column: 0 },
  ]);
});

test('nests describes, and shows a passed test', async () => {
  const { suites } = JSON.parse(await written(everyVerdict()));
  const [outage] = suites[0].suites;
  expect(outage).toMatchObject({ title: 'outage', file: 'suites/cache/x.chaos.ts', line: 6, column: 5, specs: [] });
  expect(outage.suites[0].specs).toEqual([
    {
      title: 'test p',
      ok: true,
      tags: ['cache'],
      id: 'p',
      file: 'suites/cache/x.chaos.ts',
      line: 6,
      column: 5,
      tests: [
        {
          timeout: 30_000,
          annotations: [],
          expectedStatus: 'passed',
          projectId: '',
          projectName: '',
          status: 'expected',
          chaos: {
            id: 'C01',
            category: 'cache',
            purpose: 'Reads survive.',
            catches: ['stampede'],
            requires: [],
            locks: [],
          },
          results: [
            {
              workerIndex: 0,
              parallelIndex: 0,
              status: 'passed',
              duration: 1234,
              errors: [],
              stdout: [],
              stderr: [],
              retry: 0,
              steps: [{ title: 'own', duration: 5 }],
              startTime: '2026-01-02T03:04:05.000Z',
              annotations: [],
              attachments: [],
              chaos: {
                category: 'cache',
                seed: 'abc 1',
                phases: [{ name: 'body', durationMs: 1000 }],
                faults: [],
                recoveries: [{ what: 'read', recoveryMs: 12, withinMs: 500 }],
                loads: [],
                experiments: [],
              },
            },
          ],
        },
      ],
    },
  ]);
});

test('shows a failure with its attempts', async () => {
  const { suites } = JSON.parse(await written(everyVerdict()));
  const spec = suites[0].specs.find(({ id }: { id: string }) => id === 'f');
  expect(spec).toMatchObject({
    ok: false,
    line: 16,
    tests: [{ projectName: 'sample', status: 'unexpected', expectedStatus: 'passed' }],
  });
  const [first, second] = spec.tests[0].results;
  expect(second).toMatchObject({ retry: 1, workerIndex: 2, status: 'failed' });
  const location = { file: '/repo/suites/cache/x.chaos.ts', line: 8, column: 3 };
  expect(first.error).toEqual({
    message: 'InvariantViolation: stale read',
    stack: expect.stringContaining('at read'),
    location,
    snippet: '> 8 |   expect(x)',
    cause: { message: 'older' },
    chaos: { code: 'INVARIANT_VIOLATION', hint: 'Invalidate in the transaction.', invariant: true },
  });
  expect(first.errors).toEqual([
    { location, message: expect.stringMatching(/^InvariantViolation: stale read\n\n> 8 \|/) },
  ]);
  expect(first.errorLocation).toEqual(location);
  expect(first.chaos.faults).toEqual([
    { name: 'link target→redis cut', startMs: START_MS + 400, endMs: START_MS + 1200 },
  ]);
});

test('whatever says nothing is skipped, with the reason as an annotation', async () => {
  const { suites } = JSON.parse(await written(everyVerdict()));
  const specs: readonly { readonly id: string; readonly tests: readonly object[] }[] = suites[0].specs;
  const of = (id: string): object | undefined => specs.find((spec) => spec.id === id)?.tests[0];
  expect(of('s')).toMatchObject({
    status: 'skipped',
    expectedStatus: 'skipped',
    annotations: [{ type: 'skip', description: 'needs redis-server' }],
    results: [{ workerIndex: -1, status: 'skipped', retry: 0, errors: [] }],
  });
  expect(of('b')).toMatchObject({
    status: 'skipped',
    expectedStatus: 'skipped',
    annotations: [{ type: 'skip', description: 'not today' }],
  });
  expect(of('i')).toMatchObject({
    status: 'skipped',
    expectedStatus: 'skipped',
    annotations: [{ type: 'inconclusive', description: 'no deadlock up to 400' }],
    results: [{ status: 'skipped', chaos: { inconclusive: 'no deadlock up to 400' } }],
  });
  expect(of('n')).toMatchObject({ status: 'skipped', expectedStatus: 'passed', results: [] });
  expect(of('x')).toMatchObject({ status: 'skipped', results: [{ status: 'interrupted' }] });
});

test('merges projects by title and place', async () => {
  const { suites } = JSON.parse(
    await written([
      start([testCase('a', { project: 'one', title: 't' }), testCase('b', { project: 'two', title: 't' })]),
      finish(),
    ]),
  );
  expect(suites).toHaveLength(1);
  expect(suites[0].specs).toMatchObject([{ id: 'a', tests: [{ projectName: 'one' }, { projectName: 'two' }] }]);
});

test('writes a file in one stroke', async () => {
  const outputFile = join(folder, 'deep', 'results.json');
  await feed(createJsonReporter({ outputFile }), everyVerdict());
  expect(readdirSync(join(folder, 'deep'))).toEqual(['results.json']);
  expect(JSON.parse(readFileSync(outputFile, 'utf8')).stats.expected).toBe(1);
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  await expect(feed(createJsonReporter({ outputFile: join(blocked, 'results.json') }), everyVerdict())).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  );
});

test('5,000 tests are written in small pieces', async () => {
  let longest = 0;
  let bytes = 0;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      longest = Math.max(longest, chunk.length);
      bytes += chunk.length;
      done();
    },
  });
  const tests = Array.from({ length: 5_000 }, (_, index) =>
    testCase(`t${index}`, { location: { file: `/repo/suites/cache/${index % 100}.chaos.ts`, line: index, column: 1 } }),
  );
  await feed(createJsonReporter({ stream }), [
    start(tests),
    ...tests.map(({ id }): RunEvent => ({ type: 'test-end', attempt: attempt(id), outcome: 'expected' })),
    finish(),
  ]);
  expect(bytes).toBeGreaterThan(3_000_000);
  expect(longest).toBeLessThan(100_000);
});

test('refuses misuse', () => {
  expect(() => createJsonReporter({})).toThrow(/exactly|outputFile or stream: current value is neither/);
});
