import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Tests of how tests are assigned to worker processes.
const ARGS = ['--retries', '0', '--workers', '1'];

test('a file with twenty failing tests needs one process, and sets up once', async () => {
  const { run, get } = await runTests(
    `
    const it = test.extend({ worker: [async ({}, use) => { mark('fixture up'); await use(process.pid); mark('fixture down'); }, { scope: 'worker' }] });
    test.beforeAll(() => mark('beforeAll'));
    test.afterAll(() => mark('afterAll'));
    for (let n = 0; n < 20; n++) it('fails ' + n, ({ worker }) => { mark('process ' + process.pid); throw new Error('no ' + n); });
    it('passes', ({ worker }) => { mark('process ' + process.pid); expect(worker).toBe(process.pid); });
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(run.report().stats).toMatchObject({ unexpected: 20, expected: 1 });
  expect(new Set(run.marks().filter((mark) => mark.startsWith('process'))).size).toBe(1);
  expect(run.marks().filter((mark) => !mark.startsWith('process'))).toEqual([
    'beforeAll',
    'fixture up',
    'afterAll',
    'fixture down',
  ]);
  expect(new Set([...Array(20).keys()].map((n) => get(`fails ${n}`).results[0]?.workerIndex))).toEqual(
    new Set([get('passes').results[0]?.workerIndex]),
  );
  await untilNothingIsLeft(run.footprint);
});

test('isolate gives a test, or the tests of a suite together, a process that nothing else runs in', async () => {
  const { run, get } = await runTests(
    `
    globalThis.seen = 0;
    const alone = (title, details = {}) => test(title, details, () => { mark(title + ' ' + process.pid + ' ' + globalThis.seen++); });
    alone('before');
    alone('isolated', { isolate: 'process' });
    alone('between');
    alone('isolated, too', { isolate: 'process' });
    test.describe('together', () => {
      test.describe.configure({ isolate: 'process' });
      test.beforeAll(() => mark('beforeAll'));
      test.afterAll(() => mark('afterAll'));
      alone('first');
      alone('second');
    });
    alone('after');
    alone('last');
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(0);
  const seen = new Map(
    run
      .marks()
      .filter((mark) => / \d+ \d+$/.test(mark))
      .map((mark) => {
        const [, title = '', pid = '', count = ''] = /^(.*) (\d+) (\d+)$/.exec(mark) ?? [];
        return [title, { pid, count }];
      }),
  );
  const pid = (title: string): string => seen.get(title)?.pid ?? title;
  expect(new Set(['before', 'isolated', 'between', 'isolated, too', 'first', 'after'].map(pid)).size).toBe(6);
  expect(pid('second')).toBe(pid('first'));
  expect(pid('last')).toBe(pid('after'));
  for (const title of ['isolated', 'isolated, too', 'first']) expect(seen.get(title)?.count, title).toBe('0');
  expect(run.marks().filter((mark) => mark.endsWith('All'))).toEqual(['beforeAll', 'afterAll']);
  expect(new Set([...seen.keys()].map((title) => get(title).results[0]?.workerIndex)).size).toBe(6);
  await untilNothingIsLeft(run.footprint);
});

test('an isolated test is tried again in another process, and what is no isolation is refused', async () => {
  const { run, get } = await runTests(
    "test('flaky', { isolate: 'process' }, ({}, info) => { mark(String(process.pid)); expect(info.retry).toBe(1); });",
    ['--retries', '1'],
  );
  expect(run.code, run.output).toBe(0);
  expect(get('flaky').status).toBe('flaky');
  expect(new Set(run.marks()).size).toBe(2);
  const refused = await runTests("test('x', { isolate: 'thread' }, () => {});", ARGS);
  expect(refused.run.code).toBe(1);
  expect(refused.run.output).toMatch(/Cannot isolate "x": current value is "thread", allowed is process/);
});

test('a worker loads nothing that only the command needs: the reader of configurations', async () => {
  const { run } = await runTests(`
    import { createRequire } from 'node:module';
    test('shows', () => {
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      mark(loaded.filter((path) => /packages.config.dist|@chaos.config|yaml/.test(path)).join() || 'nothing');
    });
  `);
  expect(run.marks(), run.output).toEqual(['nothing']);
});
