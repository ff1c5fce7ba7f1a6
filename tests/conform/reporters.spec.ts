import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../support/project.ts';
import { runChaos, type ChaosResult } from '../support/run-chaos.ts';
import { HEAD } from '../support/run-tests.ts';

const FILES = {
  'chaos.yaml': 'runner: { retries: 0 }',
  'a.chaos.ts': `${HEAD}
test.describe('group', () => {
  test('one', async () => { await test.step('outer', () => test.step('inner', () => {})); });
  test.only('two', () => {});
});`,
};

async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly project: Project; readonly result: ChaosResult }> {
  const project = createProject({ ...FILES, ...files });
  return { project, result: await runChaos(project, ['run', ...args], { env }) };
}

test('a reporter of version v2 gets the configuration by itself, and the suite alone', async () => {
  const { result } = await run(['--reporter', './look'], {
    'look.mjs': `export default class {
      version() { return 'v2'; }
      onConfigure(config) { console.log('configured', config.projects.length); }
      onBegin(suite) { console.log('begins', suite.allTests().map(({ title }) => title).join()); }
      onTestEnd({ title }) { console.log('ended', title); }
    }`,
  });
  expect(result.code, result.output).toBe(0);
  expect(result.output).toMatch(/configured 1\n[^]*begins two\n[^]*ended two\n/);
});

test('an empty --reporter is none at all', async () => {
  const { result } = await run(['--reporter=']);
  expect(result.output).toContain('1 passed');
});

test('JUnit: names and ids of the whole, projects in names, and a strict form', async () => {
  const reporter = (options: string): Readonly<Record<string, string>> => ({
    'chaos.config.ts': `export default {
      retries: 0, projects: [{ name: 'p' }], reporter: [['junit', { outputFile: 'j.xml', ${options} }]] };`,
  });
  const { project } = await run([], reporter("suiteName: 'mine', suiteId: '7', includeProjectInTestName: true"));
  const xml = readFileSync(project.file('j.xml'), 'utf8');
  expect(xml).toMatch(/<testsuites id="7" name="mine"/);
  expect(xml).toMatch(/<testcase name="\[p\] group › two" [^>]*line="/);
  const strict = await run([], reporter('strict: true'));
  const least = readFileSync(strict.project.file('j.xml'), 'utf8');
  expect(least).toMatch(/<testsuites name="" tests="1" failures="0" errors="0" time=/);
  expect(least).toMatch(/<testcase name="group › two" classname="a\.chaos\.ts" time="[\d.]+">/);
});

test('an option that a reporter does not have is an error with the name that was meant', async () => {
  const { result } = await run([], {
    'chaos.config.ts': `export default { reporter: [['junit', { suitename: 'x' }]] };`,
  });
  expect(result.code).toBe(2);
  expect(result.output).toContain('Unknown option "suitename" of the reporter junit: did you mean suiteName?');
});

test('the list prints steps where it is asked for', async () => {
  const { result } = await run(['--grep', 'one'], {
    'a.chaos.ts': FILES['a.chaos.ts'].replace('.only', ''),
    'chaos.config.ts': `export default { retries: 0, reporter: [['list', { printSteps: true }]] };`,
  });
  expect(result.output).toMatch(/✓ {2}\[\.\] › a\.chaos\.ts:\d+:\d+ › group › one › outer › inner \(/);
});

test('--list prints the lines of Playwright Test, and what only would leave out', async () => {
  const { result } = await run(['--list']);
  expect(result.stdout()).toMatch(
    /^Listing tests:\n {2}a\.chaos\.ts:\d+:\d+ › group › one\n {2}a\.chaos\.ts:\d+:\d+ › group › two\nTotal: 2 tests in 1 file\n$/,
  );
});

test('globalSetup gets the configuration as Playwright gives it', async () => {
  const { result } = await run([], {
    'chaos.config.ts': `export default { retries: 0, globalSetup: './up.ts', projects: [{ name: 'p', use: { url: 'x' } }] };`,
    'up.ts': `export default ({ projects, rootDir }) => console.log(typeof rootDir, projects.map((p) => p.name + p.use.url));`,
  });
  expect(result.output).toContain("string [ 'px' ]");
});

test('an error of JSON has its name in the message, and no frames of ours', async () => {
  const { result } = await run([], { 'a.chaos.ts': `${HEAD} test('fails', () => { throw new RangeError('what'); });` });
  const report = result.report();
  const { error } = report.suites[0]!.specs[0]!.tests[0]!.results[0]!;
  expect(error).toMatchObject({ message: 'RangeError: what' });
  expect(JSON.stringify(error)).not.toContain('runtime.cjs');
});

test('a test that is declared as fixme is annotated once', async () => {
  const { result } = await run(['--reporter', './notes.cjs'], {
    'a.chaos.ts': `${HEAD}test.fixme('later', () => {}); test.skip('never', () => {});`,
    'notes.cjs': `module.exports = class {
      onTestEnd(test) { console.log(test.title + ': ' + JSON.stringify(test.annotations.map(({ type }) => type))); }
    };`,
  });
  expect(result.output).toContain('later: ["fixme"]');
  expect(result.output).toContain('never: ["skip"]');
});
