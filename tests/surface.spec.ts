import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';

test('a step can skip itself, attach, end in time, and point to where it was called', async () => {
  const { run, get, only } = await runTests(
    `
    test('skips', async () => {
      const value = await test.step('part', (step) => { step.skip(true, 'not here'); mark('unreachable'); return 1; });
      await test.step.skip('never', () => mark('unreachable'));
      await test.step('not skipped', async (step) => { step.skip(false); mark(step.titlePath.join('>')); await step.attach('note', { body: 'text' }); });
      mark('value ' + value);
    });
    const helper = async () => { throw new Error('inside'); };
    test('boxed', async () => {
      await test.step('box', helper, { box: true });
    });
    test('late', async () => {
      await test.step('slow', () => new Promise(() => {}), { timeout: 50 });
    });
    `,
    ['--retries', '0'],
  );
  expect(run.code).toBe(1);
  expect(run.marks()).toEqual(['a.chaos.ts>skips>not skipped', 'value undefined']);
  expect(get('skips').status).toBe('expected');
  expect(only('skips').attachments).toMatchObject([{ name: 'note', body: Buffer.from('text').toString('base64') }]);
  expect(only('boxed').errors[0]).toMatchObject({ location: { line: 15 } });
  expect(only('late').errors[0]).toMatchObject({
    message: expect.stringMatching(/Step timeout of 50ms exceeded\./),
    location: { line: 18 },
  });
});

test('testInfo has the fields of Playwright that concern no browser', async () => {
  const { run } = await runTests(
    `
    test.describe('group', () => {
      test('title', { tag: '@tag', annotation: { type: 'issue', description: 'url' } }, function body({}, info) {
        expect(info.titlePath).toEqual(['a.chaos.ts', 'group', 'title']);
        expect(info.fn.name).toBe('body');
        expect(info.tags).toEqual(['@tag']);
        expect(info).toMatchObject({ title: 'title', line: 8, retry: 0, repeatEachIndex: 0, workerIndex: 0, parallelIndex: 0, expectedStatus: 'passed', status: 'passed', snapshotSuffix: '', timeout: 5000, annotations: [{ type: 'issue', description: 'url' }] });
        expect(info.config).toMatchObject({ workers: 1, shard: { current: 1, total: 1 }, maxFailures: 3, globalTimeout: 60000, failOnFlakyTests: true, forbidOnly: false, preserveOutput: 'always', reportSlowTests: { max: 5, threshold: 300000 }, metadata: { team: 'core' } });
        expect(info.config.grep).toEqual(/.*/);
        expect(info.config.grepInvert).toBe(null);
        expect(info.config.tags).toEqual([]);
        expect(info.config.argv.slice(-2)).toEqual(['--', 'own argument']);
        expect(info.config.projects.map(({ name }) => name)).toEqual(['first', 'second']);
        expect(info.project).toMatchObject({ name: 'second', retries: 2, timeout: 5000, repeatEach: 1, grep: /title/, grepInvert: null, dependencies: [], metadata: { kind: 'b' } });
        mark('seen');
      });
    });
    `,
    [
      '--workers',
      '1',
      '--project',
      'second',
      '--shard',
      '1/1',
      '--max-failures',
      '3',
      '--global-timeout',
      '60000',
      '--fail-on-flaky-tests',
      '--',
      'own argument',
    ],
    'metadata: { team: core }\nprojects:\n  first: {}\n  second: { retries: 2, test_timeout_ms: 5000, grep: /title/, metadata: { kind: b } }\n',
  );
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual(['seen']);
});

test('a boxed fixture is not told by name', async () => {
  const { run, only } = await runTests(
    `
    const own = test.extend({ hidden: [async ({}, use) => use(1), { box: true }], told: [async ({ hidden }, use) => use(hidden), { title: 'my fixture' }] });
    own('uses', ({ told }) => expect(told).toBe(1));
    `,
  );
  expect(run.code, run.output).toBe(0);
  const { phases } = only('uses').chaos as unknown as { readonly phases: readonly { readonly name: string }[] };
  const names = phases.map(({ name }) => name);
  expect(names).toContain('fixture my fixture');
  expect(names).toContain('fixture (boxed)');
  expect(names.join()).not.toMatch(/hidden/);
});

test('setTimeout in a hook for all tests is the hook’s, in one for each test the test’s; a test is no fixture', async () => {
  const { run, only } = await runTests(
    `
    test.describe('all', () => {
      test.beforeAll(() => { test.setTimeout(60); return new Promise(() => {}); });
      test('after all', () => {});
    });
    test.describe('kept', () => {
      test.beforeAll(() => test.setTimeout(60));
      test('keeps its own', async ({}, info) => { mark('timeout ' + info.timeout); await delay(100); });
    });
    test.describe('each', () => {
      test.beforeEach(() => { test.setTimeout(70); return new Promise(() => {}); });
      test('after each', () => {});
    });
    test('extends', () => expect(() => test.extend(test)).toThrow(/Did you mean to call mergeTests\\(\\)\\?/));
    `,
    ['--retries', '0', '--timeout', '5000'],
  );
  expect(run.code).toBe(1);
  expect(only('after all').errors[0]?.message).toMatch(/"beforeAll" hook timeout of 60ms exceeded\./);
  expect(only('after each').errors[0]?.message).toMatch(
    /Test timeout of 70ms exceeded while running "beforeEach" hook\./,
  );
  expect(run.marks()).toEqual(['timeout 5000']);
  expect(only('keeps its own').status).toBe('passed');
  expect(only('extends').status, run.output).toBe('passed');
});

test('--list tells what is wrong with test files with their places, and nothing of our insides', async () => {
  const { run } = await runTests("test('x', ({ tagret }) => {});\ntest('y', (abc) => {});", ['--list']);
  expect(run.code).toBe(1);
  expect(run.output).toMatch(
    /^error: .*a\.chaos\.ts:6:1: TypeError: Test has unknown parameter "tagret"\. Did you mean "target"\? .*\n.*a\.chaos\.ts:7:1: TypeError: First argument must use the object destructuring pattern: abc/,
  );
  expect(run.output).not.toMatch(/\n {4}at /);
});

test('what is used, reported and kept quiet stands in the configuration that tests see', async () => {
  const { run, get } = await runTests(
    `
    const it = test.extend({ region: ['none', { option: true }], scale: [{ factor: 1 }, { option: true }] });
    it('sees it', ({ region }, info) => {
      expect(info.project.use).toEqual({ region, scale: { factor: 2 } });
      expect(info.config.projects.map((project) => project.use.region)).toEqual(['eu', 'us']);
      expect(info.config).toMatchObject({ quiet: true, reporter: [['dot', {}], ['json', { outputFile: 'out.json' }]] });
      expect(info.config.version).toMatch(/^\\d+\\.\\d+\\.\\d+/);
    });
    const worker = test.extend({ seen: [async ({}, use, info) => use([info.project.name, info.config.workers, info.workerIndex]), { scope: 'worker' }] });
    worker('so does a worker fixture', ({ seen }, info) => expect(seen).toEqual([info.project.name, 1, info.workerIndex]));
    `,
    ['--workers', '1', '--quiet', '--retries', '0'],
    '{}',
    {
      'chaos.config.ts':
        "export default { use: { region: 'eu', scale: { factor: 2 } }, projects: [{ name: 'a' }, { name: 'b', use: { region: 'us' } }], reporter: [['dot'], ['json', { outputFile: 'out.json' }]] };",
    },
  );
  expect(run.code, run.output).toBe(0);
  expect(get('sees it').status).toBe('expected');
});

test('a step may say where it is, and what it was done with', async () => {
  const { run, only } = await runTests(
    `
    const where = { file: import.meta.filename, line: 2, column: 3 };
    test('says it', async () => {
      await test.step('reads', () => {}, { location: where, params: { id: 42, of: ['a'] } });
      await test.step('fails', () => { throw new Error('inside'); }, { box: true, location: where });
    });
    test('a cycle', async () => { const params = {}; params.own = params; await test.step('round', () => {}, { params }); });
    `,
    ['--retries', '0'],
  );
  expect(run.code).toBe(1);
  expect((only('says it') as unknown as { readonly steps: readonly unknown[] }).steps).toMatchObject([
    { title: 'reads', location: { line: 2, column: 3 }, params: { id: 42, of: ['a'] } },
    { title: 'fails' },
  ]);
  expect(only('says it').errors[0]?.location).toMatchObject({ line: 2 });
  expect(only('a cycle').errors[0]?.message).toMatch(/Cannot use the params of the step "round".*circular/s);
});

test('test.expect is expect, of every test that is made of test, imported or required', async () => {
  const body = `
    const same = (one: unknown, other: unknown): void => { if (one !== other) throw new Error('not the same'); };
    test('has it', () => {
      same(test.expect, expect);
      same(test.extend({ a: 1 }).extend({ b: 2 }).expect, expect);
      same(mergeTests(test.extend({ a: 1 }), test).expect, expect);
      test.expect.soft(1).toBe(1);
      test.expect(1).toBe(2);
    });
  `;
  const { run, said } = await runTests(`import { mergeTests } from '@chaos/test';\n${body}`, ['--retries', '0'], '{}', {
    'b.chaos.cts': `const { test, expect, mergeTests } = require('@chaos/test');\n${body.replace('has it', 'requires it')}`,
  });
  expect(run.code, run.output).toBe(1);
  for (const title of ['has it', 'requires it'])
    expect(said(title)).toMatch(/^Error: expect\(received\)\.toBe\(expected\)[\s\S]*Expected: 2/);
});

test('testInfo.config says the patterns of the configuration; those of the command line stand in argv', async () => {
  const { run } = await runTests(
    "test('one @fast', ({}, info) => { expect(info.config.grep).toEqual(/one|two/i); expect(info.config.grepInvert).toEqual(/three/); expect(info.config.argv).toContain('fast'); mark('seen'); });",
    ['--grep', 'fast'],
    'runner: { grep: /one|two/i, grep_invert: /three/ }',
  );
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual(['seen']);
  expect(run.report()).toMatchObject({ config: { grep: expect.anything(), grepInvert: expect.anything() } });
});
