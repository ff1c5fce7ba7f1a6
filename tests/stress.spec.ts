import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testsByTitle, type JsonTest } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

/** In a report of repeated tests. */
interface Repeated extends JsonTest {
  readonly chaos: {
    readonly passRate?: {
      readonly runs: number;
      readonly passed: number;
      readonly rate: number;
      readonly lower: number;
      readonly upper: number;
    };
  };
}

test('--until 12 runs each test twelve times, side by side, each with a result and a place of its own', async () => {
  const { run, get } = await runTests(
    `
    test.beforeAll(() => mark('beforeAll'));
    test('steady', async ({}, info) => { mark('steady ' + info.retry + ' ' + info.repeatEachIndex); await delay(20); });
    test('every third fails', ({}, info) => { info.outputPath('x'); expect(info.repeatEachIndex % 3).not.toBe(0); });
    test.skip('never', () => {});
    `,
    ['--until', '12', '--workers', '3', '--retries', '5'],
  );
  expect(run.code, run.output).toBe(1);
  const steady = get('steady') as Repeated;
  expect(steady.status).toBe('expected');
  expect(steady.results.map(({ retry }) => retry)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(steady.chaos.passRate).toMatchObject({ runs: 12, passed: 12, rate: 1, upper: 1 });
  const flaky = get('every third fails') as Repeated;
  // The test tells that it failed the run: in the counts, and for --last-failed.
  expect(flaky.status).toBe('unexpected');
  expect(run.report()).toMatchObject({ stats: { expected: 1, unexpected: 1, flaky: 0 }, errors: [] });
  expect(run.output).toMatch(/ {2}1 failed\n/);
  expect(flaky.chaos.passRate).toMatchObject({ runs: 12, passed: 8 });
  expect(flaky.chaos.passRate?.lower).toBeCloseTo(0.391, 3);
  // The first three start at once.
  expect(new Set([...steady.results, ...flaky.results].map(({ workerIndex }) => workerIndex)).size).toBe(3);
  // Each run looks like the first to the test.
  const told = run.marks().filter((line) => line.startsWith('steady'));
  expect(new Set(told)).toEqual(new Set(Array.from({ length: 12 }, (_, index) => `steady 0 ${index}`)));
  expect(run.marks().filter((line) => line === 'beforeAll')).toHaveLength(24);
  expect(run.output).toMatch(/↻ every third fails {2}8 of 12 runs passed, 66\.7 % \(95 % CI 39\.1…86\.2 %\)/);
  expect(run.output).toMatch(/↻ until 12 {2}20 of 24 runs passed, 83\.3 %/);
  expect(run.output).toMatch(/"every third fails": 4 of 12 runs failed/);
  // Those that end first are shown.
  expect(run.output).toMatch(/Run #(1|4|7|10) ─/);
  expect(run.output).toMatch(/1 more runs failed/);
});

test('--last-failed runs what failed in one of several runs', async () => {
  const project = createProject({
    'a.chaos.ts': `${HEAD}test('fails in its third run', ({}, info) => expect(info.repeatEachIndex).not.toBe(2)); test('passes', () => {});`,
  });
  expect((await runChaos(project, ['run', '--until', '4', '--workers', '1'])).code).toBe(1);
  const again = await runChaos(project, ['run', '--last-failed']);
  expect(again.code, again.output).toBe(0);
  expect([...testsByTitle(again.report()).keys()]).toEqual(['fails in its third run']);
});

test('--until fail ends with the first failure, and lets what runs end', async () => {
  const { run, get } = await runTests(
    "test('seldom fails', async ({}, info) => { await delay(2); expect(info.repeatEachIndex).toBeLessThan(40); });",
    ['--until', 'fail', '--workers', '2'],
  );
  expect(run.code).toBe(1);
  const { results } = get('seldom fails');
  expect(results.filter(({ status }) => status === 'failed').length).toBeGreaterThan(0);
  expect(results.length).toBeGreaterThan(40);
  expect(results.length).toBeLessThan(44);
  expect(results.every(({ status }) => status !== 'interrupted')).toBe(true);
});

test('--until fail passes when nothing has failed within the time of the run', async () => {
  const { run, get } = await runTests("test('never fails', () => delay(5));", [
    '--until',
    'fail',
    '--global-timeout',
    '1500',
  ]);
  expect(run.code, run.output).toBe(0);
  expect(get('never fails').results.length).toBeGreaterThan(5);
});

test('--until with a time begins nothing after it, and is not cut short by the time of a run', async () => {
  const begun = performance.now();
  const { run, get } = await runTests("test('steady', () => delay(100));", [
    '--until',
    '3.5s',
    '--global-timeout',
    '3000',
  ]);
  expect(run.code, run.output).toBe(0);
  expect(performance.now() - begun).toBeGreaterThan(3500);
  expect(get('steady').results.every(({ status }) => status === 'passed')).toBe(true);
});

test('--until stable repeats each test until it is known which it is', async () => {
  const source = (body: string): string => `test('judged', ({}, info) => { ${body} });`;
  const stable = await runTests(source(''), ['--until', 'stable']);
  expect(stable.run.code, stable.run.output).toBe(0);
  // ln(0.05 / 0.95) / ln(0.95 / 0.99): without a failure after 72 runs.
  expect(stable.get('judged').results.length).toBeGreaterThanOrEqual(72);
  expect(stable.get('judged').results.length).toBeLessThan(80);
  const flaky = await runTests(source('expect(info.repeatEachIndex % 4).not.toBe(3);'), ['--until', 'stable']);
  expect(flaky.run.code).toBe(1);
  expect(flaky.run.output).toMatch(/"judged" is not stable: \d+ of \d+ runs failed, pass rate \d/);
  expect(flaky.get('judged').results.length).toBeLessThan(30);
  expect(flaky.get('judged').status).toBe('unexpected');
  const undecided = await runTests(source('return delay(300);'), ['--until', 'stable', '--global-timeout', '1500']);
  expect(undecided.run.code).toBe(1);
  expect(undecided.run.output).toMatch(/"judged" is not decided: 0 of \d+ runs failed/);
});

test('a violated invariant is no flaky test, however often it passes; locks and serial groups hold', async () => {
  const { run, get } = await runTests(
    `
    import { InvariantViolation } from '@chaos/test';
    test('loses once', ({}, info) => { if (info.repeatEachIndex === 3) throw new InvariantViolation('lost'); });
    test('locked', { lock: 'x' }, async () => { mark('in'); await delay(5); mark('out'); });
    test.describe.serial('group', () => {
      test('first', ({}, info) => mark('first ' + info.repeatEachIndex));
      test('second', ({}, info) => mark('second ' + info.repeatEachIndex));
    });
    `,
    ['--until', '10', '--workers', '3'],
  );
  expect(run.code).toBe(1);
  expect(get('loses once').status).toBe('unexpected');
  expect(
    run
      .marks()
      .filter((line) => line === 'in' || line === 'out')
      .join(' '),
  ).toBe(Array.from({ length: 10 }, () => 'in out').join(' '));
  for (let index = 0; index < 10; index++)
    expect(run.marks().indexOf(`first ${index}`)).toBeLessThan(run.marks().indexOf(`second ${index}`));
});

test('what others depend on runs once; -x and Ctrl-C end a run that has no end', async () => {
  const files = {
    'chaos.yaml':
      'projects:\n  prepare: { test_match: prepare.chaos.ts }\n  main: { test_match: main.chaos.ts, dependencies: [prepare] }\n',
    'prepare.chaos.ts': `${HEAD}test('prepares', () => mark('prepared'));`,
    'main.chaos.ts': `${HEAD}test('works', ({}, info) => { if (info.repeatEachIndex === 5) mark('five'); expect(process.env.FAILS && info.repeatEachIndex > 5).toBeFalsy(); });`,
  };
  const failing = await runChaos(createProject(files), ['run', '--until', '1000000', '-x'], { env: { FAILS: '1' } });
  expect(failing.code).toBe(1);
  expect(testsByTitle(failing.report()).get('prepares')?.results).toHaveLength(1);
  expect(failing.marks().filter((line) => line === 'prepared')).toHaveLength(1);
  const project = createProject(files);
  const endless = startChaos(project, ['run', '--until', 'fail']);
  await endless.marked('five');
  endless.kill('SIGINT');
  expect((await endless.exited).code).toBe(130);
  expect(JSON.parse(readFileSync(project.file('chaos-results/results.json'), 'utf8'))).toMatchObject({
    chaos: { until: 'fail' },
  });
});

test('an end that makes no sense is refused', async () => {
  for (const value of ['0', '-3', 'soon', '5d', '']) {
    const { run } = await runTests("test('x', () => {});", [`--until=${value}`]);
    expect(run.code, value).toBe(2);
    expect(run.output).toMatch(/Cannot use --until ".*": it must be fail, stable, a number/);
  }
});
