import { expect, test } from 'vitest';
import { runTests } from '../support/run-tests.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// Hooks and fixtures that fail, hang or loop, in setup and in teardown: each failure is assigned to a test, and
// everything else that was set up is torn down.
const ARGS = ['--retries', '0', '--workers', '1', '--timeout', '1000'];
const EXTEND = `
  const it = test.extend({
    bad: async ({}, use) => { throw new Error('setup of bad'); },
    badEnd: async ({}, use) => { await use(1); throw new Error('teardown of badEnd'); },
    good: async ({}, use) => { await use(1); mark('good went'); },
    unused: async ({}, use) => {},
    twice: async ({}, use) => { await use(1); await use(2); },
    hangs: async ({}, use) => { await new Promise(() => {}); },
    hangsEnd: async ({}, use) => { await use(1); await new Promise(() => {}); },
    own: [async ({}, use) => { await new Promise(() => {}); }, { timeout: 100 }],
    ownEnd: [async ({}, use) => { await use(1); await new Promise(() => {}); }, { timeout: 100 }],
    workerBad: [async ({}, use) => { throw new Error('setup of workerBad'); }, { scope: 'worker' }],
    workerGood: [async ({}, use) => { await use(1); mark('workerGood went'); }, { scope: 'worker' }],
    workerBadEnd: [async ({}, use) => { await use(1); throw new Error('teardown of workerBadEnd'); }, { scope: 'worker' }],
    workerHangsEnd: [async ({}, use) => { await use(1); await new Promise(() => {}); }, { scope: 'worker' }],
    workerLoopsEnd: [async ({}, use) => { await use(1); for (;;); }, { scope: 'worker' }],
  });
`;

test('fixtures of a test', async () => {
  const { run, said, only } = await runTests(
    `${EXTEND}
    it('bad', ({ good, bad }) => {});
    it('badEnd', ({ good, badEnd }) => {});
    it('badEnd after a failure', ({ badEnd }) => { throw new Error('the body'); });
    it('unused', ({ unused }) => {});
    it('twice', ({ twice }) => {});
    it('hangs', ({ good, hangs }) => {});
    it('hangsEnd', ({ good, hangsEnd }) => {});
    it('own', ({ own }) => {});
    it('ownEnd', ({ good, ownEnd }) => {});
    it('workerBad', ({ workerBad }) => {});
    it('workerBad again', ({ workerBad }) => {});
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(run.report().stats).toMatchObject({ unexpected: 11, expected: 0 });
  expect(said('bad')).toMatch(/setup of bad/);
  expect(said('badEnd')).toMatch(/teardown of badEnd/);
  expect(said('badEnd after a failure')).toMatch(/the body[^]*teardown of badEnd/);
  expect(said('unused')).toMatch(/use\(\) was not called in fixture "unused"/);
  expect(said('twice')).toMatch(/for the second time/);
  expect(said('hangs')).toMatch(/1000ms exceeded while setting up "hangs"/);
  expect(said('hangsEnd')).toMatch(/Tearing down "hangsEnd" exceeded the test timeout of 1000ms/);
  expect(said('own')).toMatch(/Fixture "own" timeout of 100ms exceeded during setup/);
  expect(said('ownEnd')).toMatch(/Fixture "ownEnd" timeout of 100ms exceeded during teardown/);
  for (const title of ['workerBad', 'workerBad again']) expect(said(title)).toMatch(/setup of workerBad/);
  expect(['hangs', 'hangsEnd', 'own', 'ownEnd'].map((title) => only(title).status)).toEqual(Array(4).fill('timedOut'));
  expect(run.marks().filter((mark) => mark === 'good went')).toHaveLength(5);
  await untilNothingIsLeft(run.footprint);
});

test.each([
  ['throws', ['workerBadEnd'], /teardown of workerBadEnd/, true],
  [
    'hangs',
    ['workerHangsEnd', 'workerBadEnd'],
    /Worker teardown timeout of 1000ms exceeded while tearing down "workerHangsEnd"[^]*teardown of workerBadEnd|teardown of workerBadEnd[^]*Worker teardown timeout of 1000ms/,
    true,
  ],
  [
    'loops',
    ['workerLoopsEnd'],
    /Worker 0 was killed: its afterAll hooks and worker fixtures did not come to their end/,
    false,
  ],
])(
  'the end of a worker fixture that %s fails the run, and keeps no other from its own',
  async (_, names, message, others) => {
    const { run, get } = await runTests(`${EXTEND}\nit('uses it', ({ workerGood, ${names.join(', ')} }) => {});`, ARGS);
    expect(run.code, run.output).toBe(1);
    expect(get('uses it').status).toBe('expected');
    expect(
      run
        .report()
        .errors.map((error) => error.message)
        .join('\n'),
    ).toMatch(message);
    expect(run.marks()).toEqual(others ? ['workerGood went'] : []);
    await untilNothingIsLeft(run.footprint);
  },
);

test('hooks', async () => {
  const { run, get, only, said } = await runTests(
    `
    for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) for (const how of ['throws', 'hangs', 'loops']) test.describe(hook + ' ' + how, () => {
      test[hook](async () => {
        if (how === 'throws') throw new Error(hook + ' throws');
        if (how === 'loops') for (;;);
        await new Promise(() => {});
      });
      test.afterAll(() => mark(hook + ' ' + how));
      test(hook + ' ' + how + ' 1', () => mark('body'));
      test(hook + ' ' + how + ' 2', () => mark('body'));
    });
    test('last', () => {});
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  for (const hook of ['beforeAll', 'beforeEach', 'afterEach']) {
    for (const which of [1, 2]) {
      expect(said(`${hook} loops ${which}`)).toMatch(/event loop did not turn/);
      expect(only(`${hook} loops ${which}`).status).toBe('timedOut');
      // Where beforeAll failed, the second test does not run, unless it has a new worker.
      if (hook === 'beforeAll' && which === 2) expect(get(`${hook} throws ${which}`).results).toEqual([]);
      else expect(said(`${hook} throws ${which}`)).toMatch(new RegExp(`${hook} throws`));
      expect(said(`${hook} hangs ${which}`)).toMatch(
        hook === 'beforeAll'
          ? /"beforeAll" hook timeout of 1000ms exceeded/
          : new RegExp(`1000ms exceeded while running "${hook}" hook`),
      );
      expect(only(`${hook} hangs ${which}`).status).toBe('timedOut');
    }
  }
  // An afterAll hook belongs to the last test of its suite.
  for (const how of ['throws', 'hangs', 'loops']) expect(get(`afterAll ${how} 1`).status).toBe('expected');
  expect(said('afterAll throws 2')).toMatch(/afterAll throws/);
  expect(said('afterAll hangs 2')).toMatch(/"afterAll" hook timeout of 1000ms exceeded/);
  expect(said('afterAll loops 2')).toMatch(/event loop did not turn/);
  expect(get('last').status).toBe('expected');
  for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'])
    expect(run.marks()).toContain(`${hook} throws`);
  expect(run.marks().filter((mark) => mark === 'body')).toHaveLength(12);
  await untilNothingIsLeft(run.footprint);
});
