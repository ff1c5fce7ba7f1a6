import { expect, test } from 'vitest';
import { runTests } from '../support/run-tests.ts';

// Each order of events here is that of Playwright Test 1.63.
const ONE_WORKER = ['--workers', '1', '--retries', '0'];

test('after a failed beforeAll its first test has failed, the others did not run, and afterAll runs', async () => {
  const { run, get } = await runTests(
    `
    test.afterAll(() => mark('outer afterAll'));
    test('before', () => mark('before'));
    test.describe('group', () => {
      test.beforeAll(() => { mark('beforeAll'); throw new Error('cannot prepare'); });
      test.beforeAll(() => mark('another beforeAll'));
      test.beforeEach(() => mark('beforeEach'));
      test.afterEach(() => mark('afterEach'));
      test.afterAll(() => mark('afterAll'));
      test('first', () => mark('first'));
      test('second', () => mark('second'));
    });
    test('after', () => mark('after'));
    `,
    ONE_WORKER,
  );
  expect(run.code).toBe(1);
  expect(run.marks()).toEqual(['before', 'beforeAll', 'another beforeAll', 'afterAll', 'after', 'outer afterAll']);
  expect(get('first').status).toBe('unexpected');
  expect(get('second')).toMatchObject({ status: 'skipped', results: [] });
  expect(run.output).toContain('second: a beforeAll hook around it failed');
});

test('parallel tests have a beforeAll of their own, so each of them fails', async () => {
  const { get } = await runTests(
    `
    test.describe.configure({ mode: 'parallel' });
    test.beforeAll(() => { throw new Error('cannot prepare'); });
    test('first', () => {});
    test('second', () => {});
    `,
    ONE_WORKER,
  );
  expect([get('first').status, get('second').status]).toEqual(['unexpected', 'unexpected']);
});

test('a retry of the first test runs a failed beforeAll again; if it succeeds, all run', async () => {
  const { run, get } = await runTests(
    `
    test.beforeAll(({}, info) => { mark('beforeAll ' + info.retry); expect(info.retry).toBe(1); });
    test('first', () => {});
    test('second', () => mark('second'));
    `,
    ['--workers', '1', '--retries', '1'],
  );
  expect(run.marks()).toEqual(['beforeAll 0', 'beforeAll 1', 'second']);
  expect([get('first').status, get('second').status]).toEqual(['flaky', 'expected']);
});

test('conditions without fixtures of a test are evaluated once, before beforeAll, which they can skip', async () => {
  const { run, get } = await runTests(
    `
    test.beforeAll(() => mark('outer beforeAll'));
    test.describe('skipped', () => {
      test.skip(() => { mark('condition'); return true; }, 'not here');
      test.beforeAll(() => mark('beforeAll'));
      test('first', () => mark('first'));
      test('second', () => mark('second'));
    });
    test.describe('slow', () => {
      test.slow(() => { mark('slow'); return true; });
      test.beforeAll(() => mark('beforeAll of slow'));
      test('third', ({}, info) => mark('third ' + info.timeout));
      test('fourth', ({}, info) => mark('fourth ' + info.timeout));
    });
    `,
    [...ONE_WORKER, '--timeout', '1000'],
  );
  expect(run.code).toBe(0);
  expect(run.marks()).toEqual([
    'outer beforeAll',
    'condition',
    'slow',
    'beforeAll of slow',
    'third 3000',
    'fourth 3000',
  ]);
  expect([get('first').status, get('second').status]).toEqual(['skipped', 'skipped']);
});

test('a condition that names a fixture of the test is evaluated for each test, after beforeAll', async () => {
  const { run } = await runTests(
    `
    const own = test.extend({ value: async ({}, use, info) => use(info.title) });
    own.skip(({ value }) => { mark('condition ' + value); return value === 'second'; });
    own.beforeAll(() => mark('beforeAll'));
    own.beforeEach(() => mark('beforeEach'));
    own('first', () => mark('first'));
    own('second', () => mark('second'));
    `,
    ONE_WORKER,
  );
  expect(run.marks()).toEqual(['beforeAll', 'condition first', 'beforeEach', 'first', 'condition second']);
});

test('all beforeEach and afterEach hooks run, though one of them failed', async () => {
  const { run, only } = await runTests(
    `
    test.beforeEach(() => { mark('beforeEach 1'); throw new Error('one'); });
    test.beforeEach(() => mark('beforeEach 2'));
    test.afterEach(() => { mark('afterEach 1'); throw new Error('two'); });
    test.afterEach(() => mark('afterEach 2'));
    test('fails', () => mark('body'));
    `,
    ONE_WORKER,
  );
  expect(run.marks()).toEqual(['beforeEach 1', 'beforeEach 2', 'afterEach 1', 'afterEach 2']);
  expect(only('fails').errors.map(({ message }) => message.split('\n')[0])).toEqual(['Error: one', 'Error: two']);
});
