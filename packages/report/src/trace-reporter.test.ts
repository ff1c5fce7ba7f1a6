import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { START_MS, attempt, everyVerdict, failure, feed, finish, start, testCase } from './sample-run.test.fixture.js';
import { createTraceReporter } from './trace-reporter.js';

const folder = mkdtempSync(join(tmpdir(), 'chaos-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts: number;
  readonly dur: number;
  readonly args?: Record<string, unknown>;
}

// The closing bracket is optional in the format, so a reader has to add it.
function read(file: string): readonly TraceEvent[] {
  return JSON.parse(`${readFileSync(file, 'utf8').replace(/,\s*$/, '')}]`) as TraceEvent[];
}

test('tests, phases, faults and samples stand in their slot, in microseconds', async () => {
  const outputFile = join(folder, 'deep', 'trace.json');
  const phases = [
    { name: 'slot', durationMs: 40 },
    { name: 'body', durationMs: 1000 },
    { name: 'heal', durationMs: 5 },
  ];
  await feed(createTraceReporter({ outputFile }), [
    start([testCase('f', { chaosId: 'C04', title: 'outage' })]),
    { type: 'slot-state', slot: 1, state: 'ready', timeMs: START_MS - 10 },
    { type: 'sample', sample: { scope: 'target-1', timeMs: START_MS, cpus: 0.5, memoryBytes: 2 ** 26 } },
    {
      type: 'test-end',
      attempt: attempt('f', { ...failure, parallelIndex: 1, retry: 1, phases }),
      outcome: 'unexpected',
    },
    finish(),
  ]);
  const events = read(outputFile);
  const us = START_MS * 1000;
  const found = (cat: string) => events.filter((event) => event.cat === cat);
  expect(events.filter(({ ph }) => ph === 'M').map(({ pid, args }) => [pid, args?.['name']])).toEqual([
    [1, 'slot 1'],
    [1, 'tests'],
    [1, 'phases'],
    [1, 'faults'],
  ]);
  expect(found('test')).toMatchObject([
    { ph: 'X', name: 'C04 outage (retry #1)', pid: 1, ts: us, dur: 1_234_000, args: { status: 'failed' } },
  ]);
  expect(found('phase').map(({ name, ts, dur }) => [name, ts - us, dur])).toEqual([
    ['slot', -40_000, 40_000],
    ['body', 0, 1_000_000],
    ['heal', 1_000_000, 5000],
  ]);
  expect(found('fault')).toMatchObject([{ name: 'link target→redis cut', ts: us + 400_000, dur: 800_000 }]);
  expect(events.filter(({ ph }) => ph === 'C')).toMatchObject([
    { name: 'target-1', pid: 1, args: { cpus: 0.5, 'memory MiB': 64 } },
  ]);
});

test('every way a test can end has its place', async () => {
  const outputFile = join(folder, 'all.json');
  await feed(createTraceReporter({ outputFile }), everyVerdict());
  expect(read(outputFile).filter(({ cat }) => cat === 'test')).toHaveLength(
    everyVerdict().filter(({ type }) => type === 'test-end').length,
  );
});

test('a place that cannot be written is an error with its path', async () => {
  await expect(feed(createTraceReporter({ outputFile: '/proc/trace.json' }), everyVerdict())).rejects.toMatchObject({
    code: 'REPORT',
    message: expect.stringContaining('/proc/trace.json'),
  });
});
