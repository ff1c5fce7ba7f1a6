import { detectNamespace } from '@chaos/env';
import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// A late test is named, and everybody is told in time.
const ARGS = ['--retries', '0', '--workers', '1', '--timeout', '1000'];

test('a time-out says which phase ate the time, and what it waits for', async () => {
  const { run, only, said, hint } = await runTests(
    `
    const it = test.extend({
      hangs: async ({}, use) => { await delay(60_000); await use(1); },
      hangsEnd: async ({}, use) => { await use(1); await delay(60_000); },
    });
    test('bare', () => new Promise(() => {}));
    test('in a step', () => test.step('outer', () => test.step('inner', () => delay(60_000))));
    it('setup', ({ hangs }) => {});
    it('teardown', ({ hangsEnd }) => {});
    test.describe('hooks', () => {
      test.beforeEach('fills the tables', () => delay(700));
      test('the rest', () => delay(60_000));
    });
    test.describe('hangs before', () => {
      test.beforeAll('fills all tables', () => delay(60_000));
      test('beforeAll', () => {});
    });
    test.describe('hangs after', () => {
      test.afterEach('empties the tables', () => delay(60_000));
      test('afterEach', () => {});
    });
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(hint('bare')).toMatch(/^body for 1\.\ds; nothing is open/);
  expect(hint('in a step')).toMatch(
    /^body for 1\.\ds; step "outer" for 1\.\ds; step "inner" for 1\.\ds; open: 1 Timeout$/,
  );
  expect(said('setup')).toMatch(/1000ms exceeded while setting up "hangs"/);
  expect(hint('setup')).toMatch(/^fixture hangs for 1\.\ds  a\.chaos\.ts:\d+:\d+; open: 1 Timeout/);
  expect(hint('teardown')).toMatch(/^teardown hangsEnd for 1\.\ds/);
  expect(hint('the rest')).toMatch(/^the time went to beforeEach "fills the tables" \(0\.[67]s\), body \(0\.\ds\)/);
  expect(hint('beforeAll')).toMatch(/^beforeAll "fills all tables" for 1\.\ds/);
  expect(hint('afterEach')).toMatch(/^afterEach "empties the tables" for 1\.\ds/);
  for (const title of ['setup', 'beforeAll', 'afterEach'])
    expect(only(title).errors[0]?.location?.file, title).toMatch(/a\.chaos\.ts$/);
});

test('so does the end of a worker that is blocked', async () => {
  const { run, said, hint } = await runTests(
    `
    const it = test.extend({
      loops: async ({}, use) => { for (;;); },
      loopsEnd: async ({}, use) => { await use(1); for (;;) await null; },
      workerLoopsEnd: [async ({}, use) => { await use(1); for (;;); }, { scope: 'worker' }],
    });
    it('setup', ({ loops }) => {});
    it('teardown', ({ loopsEnd }) => {});
    for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) {
      test.describe('loops in ' + hook, () => {
        test[hook]('fills the tables', async () => { for (;;) await null; });
        test(hook, () => {});
      });
    }
    it('worker', ({ workerLoopsEnd }) => {});
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(said('setup')).toMatch(/1000ms exceeded while setting up "loops"\. Its event loop did not turn/);
  expect(said('teardown')).toMatch(
    /Tearing down "loopsEnd" exceeded the test timeout of 1000ms\. Its event loop did not turn/,
  );
  for (const hook of ['beforeAll', 'afterAll'])
    expect(said(hook)).toMatch(new RegExp(`"${hook}" hook timeout of 1000ms exceeded. Its event loop did not turn`));
  for (const hook of ['beforeEach', 'afterEach'])
    expect(said(hook)).toMatch(new RegExp(`1000ms exceeded while running "${hook}" hook. Its event loop did not turn`));
  for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'])
    expect(hint(hook)).toMatch(new RegExp(`^${hook} "fills the tables" for \\d\\.\\ds  a\\.chaos\\.ts:\\d+:\\d+$`));
  expect(run.report().errors[0]?.message).toMatch(
    /Worker \d+ was killed.*Worker teardown timeout of 1000ms exceeded while tearing down "workerLoopsEnd"/,
  );
  await untilNothingIsLeft(run.footprint);
});

test.runIf((await detectNamespace({ signal: AbortSignal.timeout(10_000) })).available)(
  'and of one in the network namespace of its slot, with the line of its loop',
  async () => {
    const { run, said, only, hint } = await runTests(
      "test('loops', async ({ postgres }) => {\n  for (;;) await null;\n});",
      [...ARGS, '--timeout', '2000'],
      'network: { sandbox: on }',
    );
    expect(run.code, run.output).toBe(1);
    expect(said('loops')).toMatch(/Its event loop did not turn.*> 7 \|   for \(;;\) await null;/s);
    expect(only('loops').errors[0]?.location).toMatchObject({ line: 7 });
    expect(hint('loops')).toMatch(/body/);
    await untilNothingIsLeft(run.footprint);
  },
);

test('every hook, fixture and body has a signal that is aborted when its time is up, and each has one of its own in teardown', async () => {
  const { run } = await runTests(
    `
    const wait = (info, what) => new Promise((_, reject) => {
      mark(what + (info.signal.aborted ? ' was late before it began' : ' waits'));
      info.signal.addEventListener('abort', () => { mark(what + ' is told'); reject(info.signal.reason); });
    });
    const it = test.extend({
      setup: async ({}, use, info) => { await wait(info, 'fixture'); await use(1); },
      end: async ({}, use, info) => { await use(1); await wait(info, 'fixture end'); },
      ownEnd: [async ({}, use, info) => { await use(1); await wait(info, 'own fixture end'); }, { timeout: 300 }],
      workerSetup: [async ({}, use, info) => { await wait(info, 'worker fixture'); await use(1); }, { scope: 'worker' }],
      workerEnd: [async ({}, use, info) => { await use(1); await wait(info, 'worker fixture end'); }, { scope: 'worker' }],
    });
    test('body', ({}, info) => wait(info, 'body'));
    it('setup', ({ setup }) => {});
    it('end', ({ end, ownEnd }) => {});
    it('worker', ({ workerSetup }) => {});
    for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) {
      test.describe(hook, () => {
        test[hook](({}, info) => wait(info, hook));
        if (hook.startsWith('after')) test[hook]('second', ({}, info) => { mark(hook + ' 2 ' + info.signal.aborted); });
        test('in ' + hook, () => {});
      });
    }
    it('worker end', ({ workerEnd }) => {});
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  const phases = [
    'body',
    'fixture',
    'own fixture end',
    'fixture end',
    'worker fixture',
    'beforeAll',
    'beforeEach',
    'afterEach',
    'afterAll',
    'worker fixture end',
  ];
  expect(run.marks().filter((mark) => !/ 2 /.test(mark))).toEqual(
    phases.flatMap((phase) => [`${phase} waits`, `${phase} is told`]),
  );
  expect(run.marks()).toContain('afterAll 2 false');
  // The tests obeyed their signal, so no worker had to be killed.
  expect(run.output).not.toMatch(/is replaced/);
});

test('an afterAll hook may take more time, or less, and is somebody', async () => {
  const { run } = await runTests(
    `
    test.afterAll(async ({}, info) => { info.setTimeout(5000); await delay(1500); mark('long ' + info.signal.aborted); });
    test.afterAll(async () => { test.setTimeout(5000); await delay(1500); mark(test.info().title); });
    test.afterAll(async ({}, info) => { info.setTimeout(100); await delay(600, undefined, { signal: info.signal }); });
    test.describe('a group', () => {
      test.afterAll(async () => { test.setTimeout(5000); await delay(1500); mark('group of ' + test.info().title); });
      test('one', () => {});
    });
    test('two', () => {});
    `,
    ARGS,
  );
  expect(run.marks(), run.output).toEqual(['group of one', 'long false', 'two']);
  expect(run.output).toMatch(/"afterAll" hook timeout of 100ms exceeded/);
  expect(run.code).toBe(1);
});
