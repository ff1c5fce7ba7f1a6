import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from '../support/project.ts';
import { runChaos } from '../support/run-chaos.ts';
import { HEAD } from '../support/run-tests.ts';

/** Prints the steps of each test as a tree: category, title, line, the first line of an error, notes, attachments. */
const TREE = `module.exports = class {
  onTestEnd(test, result) {
    console.log('== ' + test.title);
    const plain = (text) => text.replace(/\\u001b\\[\\d+m/g, '').split('\\n')[0];
    const print = (step, depth) => {
      const { category, title, location, error, attachments, annotations, params } = step;
      console.log([
        '  '.repeat(depth) + category, title,
        ...(location ? [location.file.replace(/.*[/]/, '') + ':' + location.line] : []),
        ...(error ? ['! ' + plain(error.message)] : []),
        ...(params ? [JSON.stringify(params)] : []),
        ...attachments.map(({ name }) => '+' + name),
        ...annotations.map(({ type, description }) => '#' + type + ' ' + description),
        ...(step.duration < 0 ? ['open'] : []),
      ].join(' | '));
      step.steps.forEach((inner) => print(inner, depth + 1));
    };
    result.steps.forEach((step) => print(step, 0));
  }
};`;

const IMPORT = "import { test, expect } from '@chaos/test';\n";

async function treeOf(tests: string): Promise<string> {
  const project = createProject({ 'a.chaos.ts': `${IMPORT}${tests}`, 'tree.cjs': TREE });
  const { output } = await runChaos(project, ['run', '--reporter', './tree.cjs', '--retries', '0', '--workers', '1']);
  return output.slice(output.indexOf('== ')).trimEnd();
}

// The trees are those of Playwright Test 1.63 for the same files.

test('reporters see hooks, with the fixtures that each of them sets up, and their teardown', async () => {
  const tree = await treeOf(`
const it = test.extend({
  outer: async ({}, use) => { await test.step('up', () => {}); await use(1); await test.step('down', () => {}); },
  inner: [async ({ outer }, use) => use(outer), { title: 'Inner one' }],
  boxed: [async ({}, use) => { await test.step('unseen', () => {}); await use(1); }, { box: true }],
  lone: [async ({}, use) => { await test.step('seen', () => {}); await use(1); }, { box: 'self' }],
});
it.describe(() => {
it.skip(() => false, 'never');
it.beforeAll('once', async () => { await test.step('in once', () => {}); });
it.beforeEach(({ outer }) => {});
it.afterEach(async () => { throw new Error('torn'); });
it.afterAll(async () => { await test.info().attach('late', { body: 'x' }); });
it('one', async ({ inner, boxed, lone }) => { await test.step('body', () => {}); });
});`);
  expect(tree).toBe(`== one
hook | Before Hooks
  hook | skip modifier | a.chaos.ts:10
  hook | once | a.chaos.ts:11
    test.step | in once | a.chaos.ts:11
  hook | beforeEach hook | a.chaos.ts:12
    fixture | Fixture "outer" | a.chaos.ts:3
      test.step | up | a.chaos.ts:4
  fixture | Fixture "Inner one" | a.chaos.ts:3
  test.step | seen | a.chaos.ts:7
test.step | body | a.chaos.ts:15
hook | After Hooks | ! Error: torn
  hook | afterEach hook | a.chaos.ts:13 | ! Error: torn
  fixture | Fixture "Inner one" | a.chaos.ts:3
  fixture | Fixture "outer" | a.chaos.ts:3
    test.step | down | a.chaos.ts:4
  hook | afterAll hook | a.chaos.ts:14
    test.attach | Attach "late" | a.chaos.ts:14 | +late`);
});

test('reporters see matchers, what they consist of, attachments, and soft failures up to the outermost step', async () => {
  const tree = await treeOf(`
test('one', async () => {
  await test.step('outer', async (step) => {
    await test.step('inner', async () => void expect.soft(1).toBe(2));
    await step.attach('note', { body: 'x' });
  });
  await test.step.skip('left out', () => {});
  await test.step('skips', async (step) => step.skip(true, 'why'));
  let count = 0;
  await expect.soft.poll(() => ++count, { intervals: [1] }).not.toBe(1);
  await expect(() => expect(count).toBe(2)).toPass();
  await expect(Promise.resolve(1), 'settles').resolves.toBe(1);
  await test.step('slow', () => new Promise(() => {}), { timeout: 20 });
});`);
  expect(tree).toBe(`== one
hook | Before Hooks
test.step | outer | a.chaos.ts:4 | ! Error: expect(received).toBe(expected) // Object.is equality | +note
  test.step | inner | a.chaos.ts:5 | ! Error: expect(received).toBe(expected) // Object.is equality
    expect | Expect "soft toBe" | a.chaos.ts:5 | ! Error: expect(received).toBe(expected) // Object.is equality | {"expected":2}
test.step | left out | a.chaos.ts:8 | #skip undefined
test.step | skips | a.chaos.ts:9 | #skip why
expect | Expect "poll soft not toBe" | a.chaos.ts:11 | {"expected":1}
  expect | Expect "not toBe" | ! Error: expect(received).not.toBe(expected) // Object.is equality | {"expected":1}
  expect | Expect "not toBe" | {"expected":1}
expect | Expect "toPass" | a.chaos.ts:12
  expect | Expect "toBe" | a.chaos.ts:12 | {"expected":2}
expect | settles | a.chaos.ts:13 | {"expected":1}
test.step | slow | a.chaos.ts:14 | ! TimeoutError: Step timeout of 20ms exceeded.
hook | After Hooks`);
});

test('a hook or a fixture that fails, fails the hooks around it', async () => {
  const tree = await treeOf(`
const it = test.extend({ broken: async ({}, use) => { throw new Error('no such thing'); } });
it('fixture', ({ broken }) => {});
test.describe(() => {
  test.beforeEach(() => { throw new Error('not ready'); });
  test('hook', () => {});
});`);
  expect(tree).toContain(`hook | Before Hooks | ! Error: no such thing
  fixture | Fixture "broken" | a.chaos.ts:3 | ! Error: no such thing`);
  expect(tree).toContain(`hook | Before Hooks | ! Error: not ready
  hook | beforeEach hook | a.chaos.ts:6 | ! Error: not ready`);
});

test('the JSON report has the steps of the body alone, whoever else listens', async () => {
  const tests = `
test.beforeEach(() => test.step('in a hook', () => {}));
test('one', async () => { await test.step('body', () => { expect(1).toBe(1); }); });`;
  const stepsWith = async (...reporters: readonly string[]): Promise<unknown> => {
    const project = createProject({ 'a.chaos.ts': `${HEAD}${tests}`, 'tree.cjs': TREE });
    const run = await runChaos(project, ['run', '--reporter', reporters.join(',')], {
      env: { CHAOS_JSON_OUTPUT_NAME: 'out.json' },
    });
    expect(run.code, run.output).toBe(0);
    const report = JSON.parse(readFileSync(project.file('out.json'), 'utf8')) as {
      suites: [{ specs: [{ tests: [{ results: [{ steps: { title: string; steps?: unknown }[] }] }] }] }];
    };
    return report.suites[0].specs[0].tests[0].results[0].steps.map(({ title, steps }) => ({ title, steps }));
  };
  const body = [{ title: 'body', steps: undefined }];
  expect(await stepsWith('json')).toEqual(body);
  expect(await stepsWith('json', './tree.cjs')).toEqual(body);
});

test('an afterAll hook runs for the last test of its group', async () => {
  const project = createProject({
    'a.chaos.ts': `${HEAD}
test.afterAll(({}, info) => console.log('closed by ' + info.title + ' ' + info.status));
test('first', () => {});
test('last', () => {});`,
  });
  const run = await runChaos(project, ['run', '--workers', '1']);
  expect(run.output).toContain('closed by last passed');
});
