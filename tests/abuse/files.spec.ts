import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { testsByTitle } from '../support/json-report.ts';
import { createProject } from '../support/project.ts';
import { HEAD, runTests } from '../support/run-tests.ts';
import { runChaos } from '../support/run-chaos.ts';
import { startChaos } from '../support/start-chaos.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// Test files that are empty, too large or strange. Syntax errors, missing imports and second copies are in
// loading.spec.ts.

describe('no tests', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['no file', {}, []],
    ['a file without tests', { 'a.chaos.ts': HEAD }, []],
    ['no title that matches', { 'a.chaos.ts': `${HEAD}test('one', () => {});` }, ['--grep', 'two']],
  ])('%s is an error, unless it is asked for', async (_, files, args) => {
    const run = await runChaos(createProject(files), ['run', ...args]);
    expect(run.output).toMatch(/No tests found/);
    expect(run.code).toBe(1);
    expect(run.report().errors[0]?.message).toMatch(/No tests found/);
    expect((await runChaos(createProject(files), ['run', '--pass-with-no-tests', ...args])).code).toBe(0);
  });
});

test('a title that is there twice is an error with both places, and says which tests did not run', async () => {
  const { run, get } = await runTests(
    "test('same', () => {});\ntest('other', () => {});\ntest('same', () => {});\ntest.describe('apart', () => { test('same', () => {}); });",
  );
  expect(run.code, run.output).toBe(1);
  expect(run.output).toMatch(/duplicate test title "same", first declared in a\.chaos\.ts:6[^]*> *8 \|/);
  expect(get('other').status).toBe('skipped');
});

test('ten thousand tests in one file', async () => {
  const { run, get } = await runTests(
    "for (let n = 0; n < 10_000; n++) test('t' + n, async () => { if (n % 1000 === 7) throw new Error('no ' + n); });",
    ['--retries', '1', '--reporter', 'dot'],
  );
  expect(run.code, run.output.slice(-2000)).toBe(1);
  expect(run.report().stats).toMatchObject({ expected: 9990, unexpected: 10, skipped: 0, flaky: 0 });
  expect(get('t7').results).toHaveLength(2);
  expect(run.report().errors).toEqual([]);
  await untilNothingIsLeft(run.footprint);
});

test('titles of every kind', async () => {
  const titles = [
    '"quoted" \'twice\' `thrice`',
    'new\nline',
    'tab\tand \u001b[31mred',
    'é 漢字 🎉 \u202E',
    '<b>&amp; ]]>',
    '',
    ' ',
    'a\0nul',
    '../../up',
    'x'.repeat(5000),
    '$(touch owned)',
    '%s %d',
    '\u0000chaos:end\u0000',
    '__proto__',
    'constructor',
  ];
  const source = `for (const title of ${JSON.stringify(titles)}) test(title, ({}, info) => { info.outputPath('x'); console.log('printed'); if (process.env.FAIL) throw new Error(title); });`;
  const { run, get, said } = await runTests(
    source,
    ['--retries', '0', '--reporter', 'list'],
    '{}',
    {},
    { env: { FAIL: '1' } },
  );
  expect(run.code).toBe(1);
  expect(run.report().stats).toMatchObject({ unexpected: titles.length });
  for (const title of titles) {
    expect(get(title).results[0]?.stdout, JSON.stringify(title.slice(0, 40))).toEqual([{ text: 'printed\n' }]);
    expect(said(title)).toContain(title);
  }
  for (const reporter of ['json', 'junit', 'line', 'dot', 'github']) {
    const other = await runTests(source, ['--retries', '0', '--reporter', reporter]);
    expect(other.run.code, reporter).toBe(0);
    if (reporter === 'json') expect(testsByTitle(JSON.parse(other.run.stdout()) as never).size).toBe(titles.length);
    // Of XML 1.0 no program can read other control characters.
    // eslint-disable-next-line no-control-regex
    if (reporter === 'junit') expect(other.run.stdout()).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  }
});

test('a file that exits, loops or never ends while it is imported is an error of that file; the others are listed', async () => {
  const project = createProject({
    'exits.chaos.ts': "import './side.ts';\nprocess.exit(0);",
    'side.ts': 'export const side = 1;',
    'kills.chaos.ts': "process.kill(process.pid, 'SIGKILL');",
    'rejects.chaos.ts': `${HEAD}void Promise.reject(new Error('while it was imported'));\ntest('in rejects', () => {});`,
    'throws.chaos.ts': 'throw undefined;',
    'good.chaos.ts': `${HEAD}test('good', () => {});`,
  });
  const run = await runChaos(project, ['run', '--workers', '1']);
  expect(run.code, run.output).toBe(1);
  const errors = run
    .report()
    .errors.map(({ message }) => message)
    .join('\n');
  expect(errors).toMatch(
    /Cannot load \S+exits\.chaos\.ts: the worker process exited \(code=0, signal=null\) while importing it: process\.exit\(0\) was called/,
  );
  expect(errors).toMatch(/Cannot load \S+kills\.chaos\.ts: the worker process exited \(code=null, signal=SIGKILL\)/);
  expect(errors).toMatch(/while it was imported/);
  expect(errors).toMatch(/not an Error was thrown: undefined/);
  expect(testsByTitle(run.report()).get('good')?.status).toBe('skipped');
  await untilNothingIsLeft(run.footprint);
});

const HANGING = {
  'waits.chaos.mjs': 'await new Promise(() => {});',
  'loops.chaos.ts': 'for (;;);',
  'good.chaos.ts': `${HEAD}test('good', () => {});`,
};

const GOOD = { 'good.chaos.ts': `${HEAD}test('good', () => {});` };

test('an import that never ends is an error with its file', async () => {
  const run = await runChaos(createProject(HANGING), ['run', '--workers', '3']);
  expect(run.code, run.output).toBe(1);
  for (const file of ['waits.chaos.mjs', 'loops.chaos.ts'])
    expect(run.output).toMatch(new RegExp(`Cannot load \\S+${file}: it was still being imported after \\d+ ms`));
  expect(testsByTitle(run.report()).get('good')?.status).toBe('skipped');
  await untilNothingIsLeft(run.footprint);
});

test('a file that main loads and that never ends is an error with its name, and where it loops', async () => {
  const loops = 'const a = 1;\nfor (;;);\nexport default {};';
  const runs = await Promise.all([
    runChaos(createProject({ 'chaos.config.ts': loops }), ['list']),
    runChaos(createProject({ 'chaos.config.mjs': 'await new Promise(() => {});\nexport default {};' }), ['config']),
    runChaos(createProject({ 'chaos.yaml': 'services: { mine: { definition: mine.mjs } }', 'mine.mjs': loops }), [
      'run',
    ]),
    runChaos(createProject({ 'chaos.yaml': 'runner: { reporters: [./mine.mjs] }', 'mine.mjs': loops, ...GOOD }), [
      'run',
    ]),
  ]);
  for (const [index, told] of [
    /chaos\.config\.ts: its code did not return for 30 s at \S+chaos\.config\.ts:2:\d+, and was stopped: a loop/,
    /chaos\.config\.mjs: it was still being imported after 35 s: does it await what never comes\?/,
    /services\.mine\.definition: current value is "mine\.mjs", loading it failed: its code did not return for 30 s at \S+mine\.mjs:2/,
    /mine\.mjs: its code did not return for 30 s at \S+mine\.mjs:2:\d+, and was stopped: a loop/,
  ].entries()) {
    expect(runs[index]?.output).toMatch(told);
    expect(runs[index]?.code, runs[index]?.output).toBe(2);
  }
});

test.each<[string, readonly string[], number]>([
  ['SIGINT', [], 130],
  ['the time-out of the run', ['--global-timeout', '3000'], 1],
])('%s ends a run that imports for ever', async (what, args, code) => {
  const run = startChaos(createProject(HANGING), ['run', '--workers', '3', ...args]);
  await eventually(
    () => run.footprint.look().filter(({ command }) => /worker\/main/.test(command)).length === 3,
    () => 'No three workers',
  );
  if (what === 'SIGINT') run.kill('SIGINT');
  expect((await run.exited).code, run.stdout() + run.stderr()).toBe(code);
  expect(run.report().chaos.status).toBe(what === 'SIGINT' ? 'interrupted' : 'timedout');
  await untilNothingIsLeft(run.footprint);
});
