import { expect, test } from 'vitest';
import { runTests } from '../support/run-tests.ts';

const ONCE = ['--retries', '0'];

// Each result here is that of Playwright Test 1.63.
test('a fixture that cannot be set up is tried once, and its error is told once', async () => {
  const { run, only } = await runTests(
    `
    const own = test.extend({
      broken: async ({}, use) => { mark('broken'); throw new Error('cannot start'); },
      one: async ({ broken }, use) => use(1),
      two: async ({ broken }, use) => use(2),
    });
    own.beforeEach(({ one }) => {});
    own.afterEach(({ two }) => mark('afterEach'));
    own('fails', ({ one, two }) => {});
    `,
    ONCE,
  );
  expect(run.marks()).toEqual(['broken']);
  expect(only('fails').errors).toHaveLength(1);
});

test('what a fixture is given may be a promise', async () => {
  const { run } = await runTests(`
    const own = test.extend({ pending: async ({}, use) => use(new Promise(() => {})) });
    own('is given the promise itself', ({ pending }) => expect(pending).toBeInstanceOf(Promise));
  `);
  expect(run.code, run.output).toBe(0);
});

test('a fixture may name one that a later extend adds', async () => {
  const { run } = await runTests(`
    const early = test.extend({ user: async ({ name }, use) => use('user ' + name) });
    early.extend({ name: 'of later' })('late', ({ user }) => expect(user).toBe('user of later'));
  `);
  expect(run.code, run.output).toBe(0);
});

test('each worker fixture has the whole time of a test for itself', async () => {
  const { run } = await runTests(
    `
    const slow = [async ({}, use) => { await delay(700); await use(1); }, { scope: 'worker' }];
    const own = test.extend({ first: slow, second: slow });
    own('has time', ({ first, second }) => {});
    `,
    ['--timeout', '1200'],
  );
  expect(run.code, run.output).toBe(0);
});

test('a time-out that the test has set counts for the teardown of its fixtures', async () => {
  const { run } = await runTests(
    `
    const own = test.extend({ slow: async ({}, use) => { await use(1); await delay(1000); } });
    own('has time', ({ slow }, info) => info.setTimeout(20_000));
    `,
    ['--timeout', '500'],
  );
  expect(run.code, run.output).toBe(0);
});

test('the teardown of a fixture sees how that of another went', async () => {
  const { run } = await runTests(
    `
    const own = test.extend({
      outer: async ({}, use, info) => { await use(1); mark(info.status + ' ' + info.errors.length); },
      inner: async ({ outer }, use) => { await use(2); throw new Error('inner'); },
    });
    own('fails', ({ inner }) => {});
    `,
    ONCE,
  );
  expect(run.marks()).toEqual(['failed 1']);
});

const OPTION = `const withUrl = test.extend({ url: ['of the declaration', { option: true }] });`;
const use = (value: string): Readonly<Record<string, string>> => ({
  'chaos.config.ts': `export default { use: ${value} };`,
  'chaos.yaml': 'runner: { retries: 0 }',
});

test.each([
  ['the configuration comes before the declaration', 'withUrl', '', 'of the configuration'],
  ['extend comes before the configuration', "withUrl.extend({ url: 'of extend' })", '', 'of extend'],
  ['use comes before extend', "withUrl.extend({ url: 'of extend' })", "own.use({ url: 'of use' });", 'of use'],
  [
    'use of undefined resets to the configuration',
    'withUrl',
    "own.use({ url: 'of use' }); own.use({ url: undefined });",
    'of the configuration',
  ],
])('of an option, %s', async (_, own, uses, expected) => {
  const { run } = await runTests(
    `${OPTION} const own = ${own}; ${uses} own('shows', ({ url }) => mark(url));`,
    [],
    '{}',
    use("{ url: 'of the configuration' }"),
  );
  expect(run.marks(), run.output).toEqual([expected]);
});

test('the configuration cannot give a value to what is no option', async () => {
  const { run, said } = await runTests(
    `const own = test.extend({ plain: async ({}, use) => use(1) }); own('shows', ({ plain }) => mark(plain));`,
    [],
    '{}',
    use('{ plain: 7 }'),
  );
  expect(run.marks()).toEqual([]);
  expect(said('shows')).toContain('Only fixtures registered with { option: true } can be set there.');
});
