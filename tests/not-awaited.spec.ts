import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Work that a test starts but does not await fails that test, at the line of the call, and no other test.
const ARGS = ['--retries', '1', '--workers', '1'];
const LONG = `
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const never = async () => { throw new Error('down for ever'); };
  const fault = { name: 'slow fault', inject: async (signal) => { mark('injecting'); await delay(100); mark('in force'); return { heal: async () => { mark('healed'); }, [Symbol.asyncDispose]: async () => {} }; } };
  const quick = { name: 'quick fault', inject: async () => ({ heal: () => sleep(200), [Symbol.asyncDispose]: async () => {} }) };
`;

const FORGOTTEN: readonly (readonly [name: string, source: string, what: string])[] = [
  ['toRecoverWithin', 'expect(never).toRecoverWithin({ timeoutMs: 400 });', 'expect.toRecoverWithin'],
  ['toPass', 'expect(never).toPass({ timeout: 400 });', 'expect.toPass'],
  ['poll', 'expect.poll(() => 1, { timeout: 400 }).toBe(2);', 'expect.poll.toBe'],
  ['soft poll', 'expect.configure({ soft: true }).poll(() => 1, { timeout: 400 }).toBe(2);', 'expect.poll.toBe'],
  ['rejects', 'expect(sleep(200)).rejects.toThrow();', 'expect.rejects.toThrow'],
  ['resolves that would pass', 'expect(sleep(200)).resolves.toBeUndefined();', 'expect.resolves.toBeUndefined'],
  ['step', "test.step('wait', () => sleep(200));", "test.step('wait')"],
  ['nested', "test.step('outer', async () => { await test.step('inner', () => sleep(200)); });", "test.step('outer')"],
  ['attach', "info.attach('file', { path: import.meta.filename });", "attach('file')"],
  ['inject', 'inject(fault);', 'inject(slow fault)'],
  ['heal', '(await inject(quick)).heal();', 'the healing of quick fault'],
  ['load', 'load.closed({ run: () => sleep(5), concurrency: 1, durationMs: 400 });', 'load.closed()'],
  ['warmUp', 'load.warmUp({ run: () => sleep(20), operations: 20 });', 'load.warmUp()'],
  ['startTogether', 'load.startTogether(2, () => sleep(200));', 'load.startTogether()'],
  ['raced', 'await Promise.race([expect(never).toPass({ timeout: 400 }), sleep(10)]);', 'expect.toPass'],
];

test('everything that a test starts through us and does not await fails it, once, where it stands', async () => {
  const source = FORGOTTEN.map(
    ([name, body]) =>
      `test('${name}', async ({ inject, load }, info) => {\n${body}\n});\ntest('after ${name}', async () => { await sleep(450); });`,
  ).join('\n');
  const { run, get, only } = await runTests(`${LONG}\n${source}`, ARGS);
  expect(run.code, run.output).toBe(1);
  for (const [name, body, what] of FORGOTTEN) {
    const [error, ...more] = only(name).errors;
    expect(more, name).toEqual([]);
    expect(error?.message, name).toContain(`${what} was not awaited`);
    const line = `${LONG}\n${source}`.split('\n').indexOf(body);
    // The common head of every file is above it.
    expect((error as { location?: { line: number } }).location?.line, name).toBe(line + 6);
    // Another try would end the same way.
    expect(get(name).results, name).toHaveLength(1);
    expect(only(`after ${name}`).status, name).toBe('passed');
  }
  // The fault that came into force late was healed before the next test.
  expect(run.marks()).toEqual(['injecting', 'in force', 'healed']);
  expect(run.report().errors).toEqual([]);
  await untilNothingIsLeft(run.footprint);
});

test('what is awaited in the end, wherever, is fine; so is what lost a race and ended in time', async () => {
  const { run } = await runTests(
    `${LONG}
    const it = test.extend({ background: async ({ load }, use) => {
      const running = load.closed({ run: () => sleep(5), concurrency: 1, durationMs: 100 });
      await use('going');
      await running;
    } });
    let later;
    it('in the body', async ({ load }) => {
      const during = load.closed({ run: () => sleep(5), concurrency: 1, durationMs: 50 });
      await sleep(10);
      expect((await during).operations).toBeGreaterThan(0);
    });
    it('by a fixture', async ({ background }) => { expect(background).toBe('going'); });
    test.describe('by a hook', () => {
      test.afterEach(async () => { await later; });
      it('in its body', async () => { later = test.step('goes on', () => sleep(50)); });
    });
    it('a rejection that is handled later', async () => {
      const failing = expect(never).toPass({ timeout: 20 });
      await sleep(100);
      await expect(failing).rejects.toThrow('down for ever');
    });
    it('a race whose loser ended, too', async () => {
      await Promise.race([sleep(5), test.step('loser', () => sleep(30))]);
      await sleep(60);
    });
    it('all, one after the other', async ({ inject }) => {
      await Promise.all([expect(sleep(1)).resolves.toBeUndefined(), test.step('one', () => sleep(10))]);
      const active = await inject(quick);
      await active.heal();
    });
    test.describe('of a suite', () => {
      let running;
      test.beforeAll(() => { running = test.step('all the time', () => sleep(100)); });
      test.afterAll(async () => { await running; });
      it('first', () => {});
      it('second', () => {});
    });
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(0);
  expect(run.report().stats).toMatchObject({ unexpected: 0, flaky: 0 });
});

test('a rejection that nobody handles is the failure of the test that left it', async () => {
  const { run, only, said } = await runTests(
    `${LONG}
    test('rejected in time', async () => { expect(Promise.resolve(1)).resolves.toBe(2); await sleep(50); });
    test('after it', async () => { await sleep(100); });
    test('failed already', async ({ load }) => {
      await Promise.all([load.closed({ run: () => sleep(5), concurrency: 1, durationMs: 5000 }), never()]);
    });
    test('after that', async () => { await sleep(100); });
    test('leaves work of its own', () => { void (async () => { await sleep(50); throw new Error('late'); })(); });
    test('leaves a timer', () => { setTimeout(() => { throw new Error('by a timer'); }, 50); });
    test('leaves a soft failure', () => { setTimeout(() => expect.soft(1).toBe(2), 50); });
    test('innocent', async () => { await sleep(300); });
    `,
    ['--retries', '0', '--workers', '1', '--config', 'chaos.yaml'],
    'runner: { leaks: off }',
  );
  expect(run.code, run.output).toBe(1);
  expect(said('rejected in time')).toContain('toBe');
  expect(only('rejected in time').errors).toHaveLength(1);
  expect(only('failed already').errors).toHaveLength(1);
  expect(said('failed already')).toContain('Error: down for ever');
  for (const title of ['after it', 'after that', 'innocent']) expect(only(title).status, title).toBe('passed');
  const errors = run.report().errors.map(({ message }) => message);
  expect(errors).toHaveLength(3);
  expect(errors[0]).toMatch(/After the end of the test "leaves work of its own".*late/s);
  expect(errors[1]).toMatch(/After the end of the test "leaves a timer".*by a timer/s);
  expect(errors[2]).toMatch(/After the end of the test "leaves a soft failure".*toBe/s);
});

test('what a hook of a suite starts and nobody awaits until the suite has ended fails the run', async () => {
  const { run, only, said } = await runTests(
    `
    let background;
    test.describe('background', () => {
      test.beforeAll(async ({ load }) => { background = load.closed({ run: () => delay(5), concurrency: 1, durationMs: 200 }); });
      test('meanwhile', async () => {});
      test.afterAll(async () => { expect((await background).operations).toBeGreaterThan(0); });
    });
    test.describe('begins', () => {
      test.beforeAll(async () => { expect.poll(() => 1, { timeout: 60_000 }).toBe(2); });
      test('first', async () => {});
      test('last', async () => {});
    });
    test.describe('ends', () => {
      test('ended', async () => {});
      test.afterAll(async () => { expect.poll(() => 1, { timeout: 60_000 }).toBe(2); });
    });`,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(only('meanwhile').status).toBe('passed');
  expect(only('first').status).toBe('passed');
  const late = /expect\.poll\.toBe was not awaited: it had not ended when its last hook ended/;
  for (const title of ['last', 'ended']) expect(said(title)).toMatch(late);
  await untilNothingIsLeft(run.footprint);
});

test('a test that takes the listeners for uncaught errors away does so for itself alone', async () => {
  const { run, only, said } = await runTests(
    `
    test('tries its own', async () => {
      process.removeAllListeners();
      let caught;
      process.on('uncaughtException', (error) => (caught = error.message));
      process.on('unhandledRejection', () => {});
      setTimeout(() => { throw new Error('mine'); });
      await delay(50);
      expect(caught).toBe('mine');
    });
    test('throws', async () => { setTimeout(() => { throw new Error('by a timer'); }); await delay(50); });
    test('rejects', async () => { void Promise.reject(new Error('by nobody')); await delay(50); });`,
    ['--retries', '0', '--workers', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(only('tries its own').status).toBe('passed');
  expect(said('throws')).toContain('by a timer');
  expect(said('rejects')).toContain('by nobody');
});

test.each([
  ['sets a callback that captures them', 'process.setUncaughtExceptionCaptureCallback(() => {});'],
  ['enters a domain', `const { create } = await import('node:domain'); create().on('error', () => {}).enter();`],
])('a test that %s takes no uncaught error of the tests after it', async (_, body) => {
  const { run, only, said } = await runTests(
    `
    test('takes', async () => { ${body} });
    test('throws', async () => { setTimeout(() => { throw new Error('by a timer'); }); await delay(50); });
    test('rejects', async () => { void Promise.reject(new Error('by nobody')); await delay(50); });`,
    ['--retries', '0', '--workers', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(only('takes').status).toBe('passed');
  expect(said('throws')).toContain('by a timer');
  expect(said('rejects')).toContain('by nobody');
});

test('an operation of the target is awaited, too; one that rejects first may be awaited second', async () => {
  const { run, only, said, get } = await runTests(
    `
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    test('forgotten', async ({ target }) => {
      target.slow();
    });
    test('after', async () => { await sleep(400); });
    test('in any order', async ({ target }) => {
      const both = [target.slow(), target.refused()];
      await both[0];
      await expect(both[1]).rejects.toThrow('no');
    });
    test('forgotten and refused', async ({ target }) => { target.refused(); await sleep(50); });
    test('under load', async ({ target, load }) => { await load.closed({ run: () => target.slow(), concurrency: 2, operations: 4 }); });
    `,
    ['--retries', '0', '--workers', '1'],
    "target: { command: [node, target.mjs], env: { PORT: '{port}' }, driver: driver.mjs }\nrunner: { require_purpose: false }",
    {
      'target.mjs':
        "import { createServer } from 'node:http'; createServer((_, answer) => answer.end()).listen(process.env.PORT);",
      'driver.mjs': `export default { operations: {
        slow: () => new Promise((resolve) => setTimeout(resolve, 200)),
        refused: async () => { throw new Error('no'); },
      } };`,
    },
  );
  expect(run.code, run.output).toBe(1);
  expect(said('forgotten')).toMatch(/^NotAwaited: target\.slow\(\) was not awaited/);
  expect(only('forgotten').errors[0]).toMatchObject({ location: { line: 9 } });
  for (const title of ['after', 'in any order', 'under load']) expect(only(title).status, title).toBe('passed');
  expect(said('forgotten and refused')).toContain('no');
  expect(get('forgotten and refused').results[0]?.error?.chaos?.hint).toMatch(/Nobody handled the rejection/);
  expect(run.report().errors).toEqual([]);
  await untilNothingIsLeft(run.footprint);
});

test.each([
  ['before use()', 'void expect.poll(() => 1, { timeout: 60_000 }).toBe(2); await use(1);'],
  ['after use()', 'await use(1); void expect.poll(() => 1, { timeout: 60_000 }).toBe(2);'],
  ['and rejects at once', 'await use(1); void expect(delay(1)).resolves.toBe(2); await delay(50);'],
])('what a worker fixture starts %s and nobody awaits is an error of the run', async (_, body) => {
  const { run } = await runTests(
    `
    const it = test.extend({
      own: [
        async ({}, use) => {
          ${body}
        },
        { scope: 'worker' },
      ],
    });
    it('one', async ({ own }) => {});
    it('two', async ({ own }) => {});
    `,
    ARGS,
  );
  expect(run.code, run.output).toBe(1);
  expect(run.report().errors).toHaveLength(1);
  expect(run.report().errors[0]).toMatchObject({ location: { line: 10 } });
  await untilNothingIsLeft(run.footprint);
});

test('an experiment, and what takes the target or resources away, is awaited, too', async () => {
  const { run, only, said } = await runTests(
    `
    const options = { steadyState: { run: async () => 1, right: (value) => value === 1 }, fault: [] };
    test('experiment', async ({ experiment }) => {
      let begun = false;
      void experiment({ ...options, during: async () => { begun = true; await delay(300); throw new Error('lost'); } });
      while (!begun) await delay(5);
    });
    test('disk', ({ resources }) => { void resources.smallDisk({ bytes: 1_000_000 }); });
    test('restart', ({ target }) => { void target.process.restart(); });
    test('awaited', async ({ experiment, target }) => {
      await experiment(options);
      await target.process.restart();
    });
    `,
    ['--retries', '0', '--workers', '1'],
    "target: { command: [node, target.mjs], env: { PORT: '{port}' } }\nrunner: { require_purpose: false }",
    {
      'target.mjs':
        "import { createServer } from 'node:http'; createServer((_, answer) => answer.end()).listen(process.env.PORT);",
    },
  );
  expect(run.code, run.output).toBe(1);
  expect(said('experiment')).toMatch(/^NotAwaited: experiment\(\) was not awaited/);
  expect(said('disk')).toMatch(/NotAwaited: resources\.smallDisk\(\) was not awaited/);
  expect(said('restart')).toMatch(/NotAwaited: target\.process\.restart\(\) was not awaited/);
  expect(only('awaited').status, run.output).toBe('passed');
  await untilNothingIsLeft(run.footprint);
});
