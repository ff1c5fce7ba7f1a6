import type { RunEvent } from '@chaos/spec';
import { expect, test } from 'vitest';
import { attempt, everyVerdict, failure, feed, finish, start, START_MS, testCase } from '../sample-run.test.fixture.js';
import { createDotReporter } from './dot-reporter.js';
import { createLineReporter } from './line-reporter.js';

async function printed(
  create: typeof createDotReporter,
  events: readonly RunEvent[],
  isTTY = false,
): Promise<string[]> {
  let text = '';
  await feed(
    create({ color: false, stream: { write: (chunk: string) => (text += chunk), isTTY, columns: 200 } }),
    events,
  );
  return text.split('\n');
}

test('dot: a sign for each attempt in the third line', async () => {
  const lines = await printed(createDotReporter, everyVerdict());
  expect(lines.slice(0, 3)).toEqual(['', 'Running 8 tests using 2 workers, 1 retry from environment ci', '·×F×±°°°!']);
  expect(lines).toContain('  seed abc 1, environment ci, profile medium, variant stampede');
  expect(lines.filter((line) => /^ {2}\d\) /.test(line))).toHaveLength(3);
  expect(lines).toContain('  1 passed (9.0s)');
});

test('dot: timed out, rows of 80, output between rows', async () => {
  const tests = Array.from({ length: 82 }, (_, index) => testCase(`t${index}`));
  const ends = tests.map(({ id }): RunEvent => ({
    type: 'test-end',
    attempt: attempt(id, { status: 'timedOut' }),
    outcome: 'unexpected',
  }));
  const lines = await printed(createDotReporter, [
    start(tests),
    ...ends.slice(0, 81),
    { type: 'test-output', stream: 'stdout', text: 'hello\n' },
    ...ends.slice(81),
    finish(),
  ]);
  expect(lines.slice(2, 6)).toEqual(['T'.repeat(80), 'T', 'hello', 'T']);
});

const begin = (testId: string, retry = 0): RunEvent => ({
  type: 'test-start',
  testId,
  retry,
  workerIndex: 0,
  parallelIndex: 0,
  timeMs: START_MS,
});
const story: readonly RunEvent[] = [
  start([testCase('a', { title: 'first' })]),
  begin('a'),
  { type: 'test-end', attempt: attempt('a', failure) },
  begin('a', 1),
  { type: 'test-end', attempt: attempt('a', { ...failure, retry: 1 }), outcome: 'unexpected' },
  finish(),
];

test('line: what started, and failures at once', async () => {
  const lines = await printed(createLineReporter, story);
  expect(lines.slice(0, 4)).toEqual([
    '',
    'Running 1 test using 2 workers, 1 retry from environment ci',
    '[1/1] suites/cache/x.chaos.ts:6:5 › first',
    '[2/1] (retries) suites/cache/x.chaos.ts:6:5 › first (retry #1)',
  ]);
  expect(lines.findIndex((line) => line.startsWith('  1) suites/cache/x.chaos.ts:6:5 › first'))).toBe(5);
  expect(lines.filter((line) => line.includes('InvariantViolation: stale read'))).toHaveLength(2);
  expect(lines).toContain('  1 failed');
});

test('line: on a terminal it is one line that changes', async () => {
  const text = (await printed(createLineReporter, story, true)).join('\n');
  expect(text).toContain(`${String.fromCharCode(27)}[1A${String.fromCharCode(27)}[0J[2/1] (retries)`);
});
