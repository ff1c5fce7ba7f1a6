import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonTest } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

/** A quarantined test in `results.json`. */
interface Apart extends JsonTest {
  readonly chaos: { readonly quarantine: { readonly owner: string } };
  readonly results: readonly (JsonTest['results'][number] & {
    readonly error?: unknown;
    readonly chaos: {
      readonly quarantined: { readonly status: string; readonly errors: readonly { readonly message: string }[] };
    };
  })[];
}

const TESTS = `
  test('loses', { id: 'C04' }, () => { mark('loses'); throw new Error('lost again'); });
  test.describe('group', () => { test('flickers', () => mark('flickers')); });
  test('sound', () => {});
`;
const entry = (id: string, expires = '2999-12-31'): string =>
  `  "${id}": { owner: ada, reason: "LEAK-12, the pool", expires: ${expires} }\n`;
const file = (...entries: readonly string[]): Readonly<Record<string, string>> => ({
  'chaos.quarantine.yaml': `tests:\n${entries.join('')}`,
});

test('what a test in quarantine comes to fails no run, and is told apart', async () => {
  const { run, get } = await runTests(
    TESTS,
    ['--retries', '2', '-x', '--workers', '1'],
    '{}',
    file(entry('C04'), entry('a.chaos.ts › group › flickers')),
  );
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual(['loses', 'flickers']);
  const loses = get('loses') as Apart;
  expect(loses).toMatchObject({
    status: 'skipped',
    expectedStatus: 'skipped',
    chaos: { quarantine: { owner: 'ada', reason: 'LEAK-12, the pool', expires: '2999-12-31' } },
  });
  expect(loses.annotations).toContainEqual({
    type: 'quarantine',
    description: 'failed in quarantine until 2999-12-31 (ada): LEAK-12, the pool',
  });
  expect(loses.results).toHaveLength(1);
  expect(loses.results[0]).toMatchObject({ status: 'skipped', errors: [] });
  expect(loses.results[0]?.error).toBeUndefined();
  expect(loses.results[0]?.chaos.quarantined).toMatchObject({
    status: 'failed',
    errors: [{ message: 'Error: lost again' }],
  });
  expect((get('flickers') as Apart).results[0]?.chaos.quarantined).toMatchObject({ status: 'passed', errors: [] });
  expect(get('sound').status).toBe('expected');
  expect(run.output).toMatch(/category +passed +failed +flaky +skipped +inconclusive +quarantined/);
  expect(run.output).toMatch(
    / {2}2 quarantined \(1 failed\)\n {4}C04: failed in quarantine until 2999-12-31 \(ada\): LEAK-12, the pool\n {4}flickers: passed in/,
  );
});

test('in JUnit and for reporters of Playwright it was skipped', async () => {
  const reporter =
    "module.exports = class { onTestEnd(test, result) { console.log('END ' + test.title + ' ' + result.status + ' ' + test.outcome() + ' ' + result.errors.length); } };";
  const project = createProject({ 'a.chaos.ts': `${HEAD}${TESTS}`, 'own.cjs': reporter, ...file(entry('C04')) });
  const run = await runChaos(project, ['run', '--reporter', 'junit,./own.cjs'], {
    env: { CHAOS_JUNIT_OUTPUT_NAME: 'junit.xml' },
  });
  expect(run.code, run.output).toBe(0);
  expect(run.output).toMatch(/END loses skipped skipped 0/);
  const xml = readFileSync(project.file('junit.xml'), 'utf8');
  expect(xml).toMatch(/tests="3" failures="0" errors="0" skipped="1"/);
  expect(xml).toMatch(
    /<skipped message="quarantined: failed in quarantine until 2999-12-31 \(ada\): LEAK-12, the pool"\/>/,
  );
});

test('whoever stays too long, is one too many, or does not exist fails the run', async () => {
  const expired = await runTests(
    TESTS,
    ['--retries', '0'],
    '{}',
    file(entry('C04', '2026-01-31'), entry('a.chaos.ts › group › flickers')),
  );
  expect(expired.run.code).toBe(1);
  expect(expired.get('loses').status).toBe('unexpected');
  expect(expired.run.output).toMatch(
    /The quarantine of "C04" expired on 2026-01-31 \(chaos\.quarantine\.yaml:2:3\): ada was to see to it: LEAK-12/,
  );
  // The entry is for another test, so a run without that test ignores it.
  const other = await runTests(TESTS, ['--grep', 'sound'], '{}', file(entry('C04', '2026-01-31'), entry('nobody')));
  expect(other.run.code, other.run.output).toBe(0);
  const many = await runTests(TESTS, ['--grep', 'sound'], '{}', {
    'chaos.quarantine.yaml': `cap: 1\ntests:\n${entry('C04')}${entry('C05')}`,
  });
  expect(many.run.code).toBe(1);
  expect(many.run.output).toMatch(/Too many tests are in quarantine: 2, allowed are 1 \(chaos\.quarantine\.yaml\)/);
  const unknown = await runTests(TESTS, [], '{}', file(entry('C04'), entry('C40')));
  expect(unknown.run.code).toBe(1);
  expect(unknown.run.output).toMatch(/No test is called "C40", which is in quarantine \(chaos\.quarantine\.yaml:3:3\)/);
});

test('who repeats a test sees it as it is', async () => {
  const { run, get } = await runTests(TESTS, ['--until', '2', '--grep', 'C04'], '{}', file(entry('C04')));
  expect(run.code).toBe(1);
  expect(get('loses').status).toBe('unexpected');
});

test('a file that is wrong is refused, with the place', async () => {
  const refused = async (text: string, config = '{}'): Promise<string> => {
    const { run } = await runTests(TESTS, [], config, { 'chaos.quarantine.yaml': text });
    expect(run.code).toBe(2);
    return run.output;
  };
  expect(await refused('tests:\n  C04: { owner: ada, expires: 2999-12-31 }')).toMatch(
    /chaos\.quarantine\.yaml:2:3: Cannot quarantine "C04": it has no reason/,
  );
  expect(await refused('tests:\n  C04: { owner: ada, reason: x, expires: tomorrow }')).toMatch(
    /chaos\.quarantine\.yaml:2:\d+: Cannot use tests\.C04\.expires: current value is "tomorrow", allowed is a day such as/,
  );
  expect(await refused('tests:\n  C04: { owner: ada, reason: x, expires: 2027-02-31 }')).toMatch(
    /current value is "2027-02-31"/,
  );
  expect(await refused('tests:\n  C04: { ower: ada, reason: x, expires: 2999-12-31 }')).toMatch(
    /Did you mean "owner"\?/,
  );
  expect(await refused('{}', 'runner: { quarantine: elsewhere.yaml }')).toMatch(
    /elsewhere\.yaml: Cannot read the configuration file: there is no such file/,
  );
});

test('--no-quarantine lets everybody out', async () => {
  const { run, get } = await runTests(
    TESTS,
    ['--no-quarantine', '--retries', '1', '--workers', '1'],
    '{}',
    file(entry('C04'), entry('gone', '2020-01-31')),
  );
  expect(run.code, run.output).toBe(1);
  expect(get('loses')).toMatchObject({ status: 'unexpected' });
  expect(get('loses').results).toHaveLength(2);
  expect(run.output).not.toMatch(/expired|No test is called/);
});
