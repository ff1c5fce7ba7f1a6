import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter, RunEvent } from '@chaos/spec';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { attempt, everyVerdict, failure, feed, finish, start, START_MS, testCase } from '../sample-run.test.fixture.js';
import { createBlobReporter, type BlobReporterOptions } from './blob-reporter.js';
import { mergeReports, type MergeReportsResult } from './merge-reports.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-blob-'));
  return () => rmSync(directory, { recursive: true });
});

const write = (events: readonly RunEvent[], more: Partial<BlobReporterOptions> = {}): Promise<void> =>
  feed(createBlobReporter({ directory, ...more }), events);

async function merged(rootDir?: string): Promise<{ readonly events: RunEvent[]; readonly result: MergeReportsResult }> {
  const events: RunEvent[] = [];
  const result = await mergeReports({
    directory,
    reporters: [{ onEvent: (event) => void events.push(event) }],
    ...(rootDir !== undefined && { rootDir }),
  });
  return { events, result };
}

const begin = (testId: string, workerIndex: number, parallelIndex: number): RunEvent => ({
  type: 'test-start',
  testId,
  retry: 0,
  workerIndex,
  parallelIndex,
  timeMs: START_MS,
});
const shard = (
  testId: string,
  current: number,
  more: { readonly at?: number; readonly status?: string } = {},
): RunEvent[] => {
  const { at = START_MS, status = 'passed' } = more;
  return [
    start([testCase(testId)], { runId: `r${current}`, startMs: at, argv: [`--shard=${current}/2`] }),
    { type: 'slot-state', slot: 1, state: 'ready', timeMs: at },
    begin(testId, 3, 1),
    {
      type: 'step-start',
      testId,
      retry: 0,
      step: 1,
      title: 'order',
      category: 'test.step',
      location: { file: '/repo/x.chaos.ts', line: 2, column: 3 },
      timeMs: at,
      origin: { host: `machine ${current}`, slot: 1, worker: 3 },
    },
    { type: 'sample', sample: { scope: 'worker-1', timeMs: at, cpus: 1, memoryBytes: 1 } },
    { type: 'test-end', attempt: attempt(testId, { workerIndex: 3, parallelIndex: 1 }), outcome: 'expected' },
    finish({ status, endMs: at + 1000, durationMs: 1000 }),
  ];
};

test('one report comes back as it went in', async () => {
  const events = everyVerdict();
  await write(events);
  const { events: back, result } = await merged();
  const origin = { host: hostname() };
  expect(back).toEqual(events.filter(({ type }) => type !== 'diagnostic').map((event) => ({ ...event, origin })));
  expect(result).toEqual({ status: 'failed', reports: 1, tests: 8, duplicates: 0, problems: [], errors: [] });
});

test('shards become one run', async () => {
  await write(shard('b', 2, { at: START_MS - 500, status: 'timedout' }), { shard: { current: 2, total: 2 } });
  await write(shard('a', 1), { shard: { current: 1, total: 2 } });
  const { events, result } = await merged();
  expect(result).toMatchObject({ status: 'timedout', reports: 2, tests: 2, problems: [] });
  expect(events[0]).toMatchObject({
    type: 'run-start',
    runId: 'r1+r2',
    startMs: START_MS - 500,
    config: { runner: { workers: 4 } },
    tests: [{ id: 'a' }, { id: 'b' }],
  });
  expect(events.filter(({ type }) => type === 'test-start')).toMatchObject([
    { testId: 'a', workerIndex: 3, parallelIndex: 1 },
    { testId: 'b', workerIndex: 7, parallelIndex: 3 },
  ]);
  expect(events.filter(({ type }) => type === 'slot-state')).toMatchObject([{ slot: 1 }, { slot: 3 }]);
  expect(events.filter(({ type }) => type === 'sample')).toMatchObject([
    { sample: { scope: 'worker-1' } },
    { sample: { scope: 'worker-3' } },
  ]);
  expect(events.filter(({ type }) => type === 'test-end')).toMatchObject([
    { attempt: { testId: 'a', workerIndex: 3 } },
    { attempt: { testId: 'b', workerIndex: 7, parallelIndex: 3 } },
  ]);
  expect(events.filter(({ type }) => type === 'step-start')).toMatchObject([
    { testId: 'a', origin: { host: 'machine 1', slot: 1, worker: 3 } },
    { testId: 'b', origin: { host: 'machine 2', slot: 3, worker: 7 } },
  ]);
  expect(events.filter(({ type }) => type === 'run-end')).toMatchObject([
    { type: 'run-end', status: 'timedout', endMs: START_MS + 1000, durationMs: 1500 },
  ]);
});

test('the same test on three machines is three tests', async () => {
  for (const name of ['mac', 'linux', 'linux 2'])
    await write(
      [
        start([testCase('a')]),
        {
          type: 'test-end',
          attempt: attempt('a', name === 'mac' ? failure : {}),
          outcome: name === 'mac' ? 'unexpected' : 'expected',
        },
        finish(),
      ],
      { name },
    );
  expect(readdirSync(directory).toSorted()).toEqual([
    'report-linux-02d2839.jsonl',
    'report-linux_2-02d2839.jsonl',
    'report-mac-02d2839.jsonl',
  ]);
  const { events, result } = await merged();
  expect(result).toMatchObject({ tests: 3, duplicates: 2 });
  expect(events[0]).toMatchObject({
    tests: [
      { id: 'a', tags: ['@linux'] },
      { id: 'a-linux 2', tags: ['@linux 2'] },
      { id: 'a-mac', tags: ['@mac'] },
    ],
  });
  expect(events.filter(({ type }) => type === 'test-end')).toMatchObject([
    { attempt: { testId: 'a' } },
    { attempt: { testId: 'a-linux 2' } },
    { attempt: { testId: 'a-mac', status: 'failed' } },
  ]);
  expect(events).toContainEqual({
    origin: { host: hostname() },
    type: 'diagnostic',
    text: '2 tests are in more than one report; each is kept',
  });
});

test('what a killed run has seen is there, and that it was killed is said', async () => {
  const reporter = createBlobReporter({ directory });
  for (const event of shard('a', 1).slice(0, -1)) reporter.onEvent(event);
  const [file] = readdirSync(directory);
  appendFileSync(join(directory, file!), '{"type":"test-e');
  const { events, result } = await merged();
  expect(result.status).toBe('failed');
  expect(result.problems).toEqual([`Cannot tell all of ${join(directory, file!)}: it ends before its run did`]);
  expect(events.map(({ type }) => type)).toEqual([
    'run-start',
    'slot-state',
    'test-start',
    'step-start',
    'sample',
    'test-end',
    'run-error',
    'run-end',
  ]);
  await reporter.end?.();
});

test('a shard without a report is said', async () => {
  await write(shard('a', 1), { shard: { current: 1, total: 3 } });
  expect((await merged()).result).toMatchObject({
    status: 'failed',
    problems: ['Cannot tell all of the run: of 3 shards there is no report of 2, 3'],
  });
});

test('attachments travel, and none reaches out of its folder', async () => {
  const log = join(directory, 'log.txt');
  writeFileSync(log, 'hello');
  const attachments = [
    { name: 'log', contentType: 'text/plain', path: log },
    { name: 'gone', contentType: 'text/plain', path: join(directory, 'gone.txt') },
    { name: 'body', contentType: 'text/plain', body: 'aGk=' },
  ];
  const source = join(directory, 'there');
  await write(
    [
      start([testCase('a')]),
      { type: 'test-end', attempt: attempt('a', { attachments }), outcome: 'expected' },
      finish(),
    ],
    { directory: source, fileName: 'x.jsonl' },
  );
  cpSync(source, join(directory, 'artifacts', 'one'), { recursive: true });
  rmSync(source, { recursive: true });
  rmSync(log);
  const seen = async (): Promise<readonly { readonly path?: string; readonly body?: string }[]> =>
    (await merged()).events.flatMap((event) => (event.type === 'test-end' ? event.attempt.attachments : []));
  const [copied, , body] = await seen();
  expect(readFileSync(copied!.path!, 'utf8')).toBe('hello');
  expect(copied!.path).toContain(join('artifacts', 'one', 'x.resources'));
  expect(body).toEqual(attachments[2]);
  const file = join(directory, 'artifacts/one/x.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"path":"\w+\.txt"/, '"path":"../../../../etc/passwd"'));
  expect((await seen())[0]).toEqual({ name: 'log', contentType: 'text/plain' });
});

test('places move to where the tests are now', async () => {
  await write([
    start([testCase('a')]),
    { type: 'test-end', attempt: attempt('a', failure), outcome: 'unexpected' },
    finish(),
  ]);
  const { events } = await merged('/elsewhere');
  expect(events[0]).toMatchObject({
    config: { rootDir: '/elsewhere' },
    tests: [{ location: { file: '/elsewhere/suites/cache/x.chaos.ts' } }],
  });
  expect(events[1]).toMatchObject({
    attempt: { errors: [{ location: { file: '/elsewhere/suites/cache/x.chaos.ts', line: 8 } }] },
  });
});

test('many tests are many lines, and a second run replaces the first', async () => {
  const tests = Array.from({ length: 250 }, (_, index) => testCase(`t${index}`));
  for (let run = 0; run < 2; run += 1)
    await write([
      start(tests),
      ...tests.map(({ id }): RunEvent => ({ type: 'test-skip', testId: id, reason: 'why', didNotRun: false })),
      finish(),
    ]);
  expect(readdirSync(directory)).toHaveLength(1);
  const { events, result } = await merged();
  expect(result.tests).toBe(250);
  expect(events[0]).toMatchObject({ tests: tests.map(({ id }) => ({ id })) });
});

test('a reporter that fails does not stop the others', async () => {
  await write(everyVerdict());
  let heard = 0;
  const bad: Reporter = {
    onEvent() {
      throw new Error('mine');
    },
  };
  const late: Reporter = { onEvent() {}, end: () => Promise.reject(new Error('late')) };
  const { errors } = await mergeReports({ directory, reporters: [bad, late, { onEvent: () => void (heard += 1) }] });
  expect(errors.map((error) => (error as Error).message)).toEqual(['mine', 'late']);
  expect(heard).toBeGreaterThan(10);
});

test('no report, no folder, a newer format, a damaged line', async () => {
  await expect(merged()).rejects.toThrow('there is no blob report in');
  await expect(mergeReports({ directory: join(directory, 'none'), reporters: [] })).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('merge-reports <folder>'),
  });
  mkdirSync(join(directory, 'a'));
  writeFileSync(join(directory, 'a/other.jsonl'), '{"some":"thing"}\n');
  await expect(merged()).rejects.toThrow('there is no blob report in');
  writeFileSync(join(directory, 'a/new.jsonl'), '{"type":"blob","version":99}\n');
  await expect(merged()).rejects.toThrow('its format is 99, known is 2');
  rmSync(join(directory, 'a/new.jsonl'));
  await write(everyVerdict());
  const file = readdirSync(directory).find((name) => name.endsWith('.jsonl'));
  appendFileSync(join(directory, file!), 'garbage\n');
  await expect(merged()).rejects.toMatchObject({
    code: 'REPORT',
    message: expect.stringMatching(/\.jsonl:\d+: the line is no JSON: garbage/),
  });
});

test('a place that cannot be written is an error with a fix, and not a hang', async () => {
  onTestFinished(() => rmSync(join(directory, 'file'), { force: true }));
  writeFileSync(join(directory, 'file'), '');
  await expect(write(everyVerdict(), { directory: join(directory, 'file') })).rejects.toMatchObject({
    code: 'REPORT',
    hint: 'Choose another place for the report.',
  });
  await expect(write(everyVerdict(), { directory: '/dev', fileName: 'full' })).rejects.toMatchObject({
    code: 'REPORT',
    message: 'Cannot write the blob report to /dev/full: no space is left on the device (ENOSPC)',
  });
});

test('a reporter that fails is dropped and told of, at once or later; the others go on', async () => {
  await write(shard('a', 1));
  const heard: string[] = [];
  let calls = 0;
  const result = await mergeReports({
    directory,
    reporters: [
      {
        onEvent: () => {
          throw new Error('at once');
        },
      },
      {
        onEvent: (() => {
          calls++;
          return Promise.reject(new Error('later'));
        }) as Reporter['onEvent'],
      },
      { onEvent: ({ type }) => void heard.push(type) },
    ],
  });
  expect(result.errors.map(String)).toEqual(['Error: at once', 'Error: later']);
  expect(heard.at(-1)).toBe('run-end');
  expect(calls).toBeGreaterThan(0);
});

test('a line of another shape is told with its place, whichever line it is', async () => {
  await write(everyVerdict());
  const name = readdirSync(directory).find((each) => each.endsWith('.jsonl'))!;
  const file = join(directory, name);
  const good = readFileSync(file, 'utf8').trimEnd().split('\n');
  for (const bad of [
    '{"type":"test-end","attempt":{"testId":"a"},"outcome":"expected"}',
    'null',
    '{"type":"blob-tests"}',
  ])
    for (const at of [1, 3, good.length]) {
      writeFileSync(file, [...good.slice(0, at), bad, ...good.slice(at)].join('\n') + '\n');
      await expect(merged(), bad).rejects.toMatchObject({
        code: 'REPORT',
        message: expect.stringContaining(`Cannot read ${file}:${at + 1}: `) as unknown,
      });
    }
  const [header, ...rest] = good;
  writeFileSync(file, [header!.replace(/"rootDir":"[^"]*"/, '"rootDir":7'), ...rest, ''].join('\n'));
  await expect(merged()).rejects.toThrow(`Cannot read ${file}:1: blob.rootDir is 7, not a text`);
});

test('a report that is a link is refused; attachments that are links, or lie behind one, are left out', async () => {
  writeFileSync(join(directory, 'secret'), 'of this machine');
  const log = join(directory, 'log.txt');
  writeFileSync(log, 'hello');
  const attachments = [{ name: 'log', contentType: 'text/plain', path: log }];
  await write(
    [
      start([testCase('a')]),
      { type: 'test-end', attempt: attempt('a', { attachments }), outcome: 'expected' },
      finish(),
    ],
    { directory: join(directory, 'in'), fileName: 'x.jsonl' },
  );
  const file = join(directory, 'in/x.jsonl');
  const resources = join(directory, 'in/x.resources');
  symlinkSync(join(directory, 'secret'), join(resources, 'link'));
  symlinkSync(directory, join(resources, 'folder'));
  // A folder that holds itself does not keep the search for reports busy.
  symlinkSync('..', join(directory, 'in/loop'));
  const text = readFileSync(file, 'utf8');
  for (const path of ['link', 'folder/secret', '../../secret', '/etc/hostname', 'folder']) {
    writeFileSync(file, text.replace(/"path":"\w+\.txt"/, `"path":"${path}"`));
    const { events } = await merged();
    const seen = events.flatMap((event) => (event.type === 'test-end' ? event.attempt.attachments : []));
    expect(seen, path).toEqual([{ name: 'log', contentType: 'text/plain' }]);
  }
  symlinkSync(file, join(directory, 'in/y.jsonl'));
  await expect(merged()).rejects.toThrow('y.jsonl is no file, but a link');
});
