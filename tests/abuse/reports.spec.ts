import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HEAD } from '../support/run-tests.ts';
import { createProject, type Project } from '../support/project.ts';
import { runChaos, type ChaosResult } from '../support/run-chaos.ts';
import { BIN } from '../support/start-chaos.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// Reports that cannot be written, and readers that close their end: the run still finishes, and its exit code gives the
// result.
const TESTS = `${HEAD}
  test.afterAll(() => mark('end'));
  for (let n = 0; n < 50; n++) test('prints ' + n, () => { console.log('x'.repeat(2000)); if (process.env.FAIL && n === 20) throw new Error('asked to'); });
`;
const project = (): Project => createProject({ 'a.chaos.ts': TESTS });
const chaos = `"${process.execPath}" "${BIN}" run --retries 0 --workers 1`;
const shell = (where: Project, script: string, env: Readonly<Record<string, string>> = {}): Promise<ChaosResult> =>
  runChaos(where, [], { command: ['bash', '-c', script], env });

describe.each(['list', 'line', 'dot', 'json', 'junit', 'github'])('%s', (reporter) => {
  test.each([
    [0, {}],
    [1, { FAIL: '1' }],
  ])('a reader of stdout that leaves is no error (exit code %i)', async (code, env) => {
    const where = project();
    const run = await shell(
      where,
      `${chaos} --reporter ${reporter} | head -c 10 > /dev/null; exit \${PIPESTATUS[0]}`,
      env,
    );
    expect(run.code, run.output).toBe(code);
    expect(run.marks()).toEqual(['end']);
    await untilNothingIsLeft(run.footprint);
  });
});

test.each<[string, string, Readonly<Record<string, string>>, number]>([
  ['>&-', 'passes', {}, 0],
  ['>&- 2>&-', 'passes', {}, 0],
  ['> /dev/full', 'passes', {}, 1],
  ['> /dev/full 2> /dev/full', 'fails', { FAIL: '1' }, 1],
])('stdout %s, a run that %s', async (redirect, _, env, code) => {
  const run = await shell(project(), `${chaos} ${redirect}`, env);
  expect(run.code, run.output).toBe(code);
  expect(run.report().stats.expected + run.report().stats.unexpected).toBe(50);
  if (redirect === '> /dev/full') expect(run.stderr()).toMatch(/no space is left on the device/);
  await untilNothingIsLeft(run.footprint);
});

// Its own mount namespace, as root or as root in a user namespace.
const unshare = [['--mount'], ['--user', '--map-root-user', '--mount']].find(
  (flags) => spawnSync('unshare', [...flags, 'true']).status === 0,
);

describe.skipIf(unshare === undefined)('in a mount namespace (needs unshare)', () => {
  const mounted = (
    where: Project,
    mount: string,
    env: Readonly<Record<string, string>> = {},
    then = ':',
  ): Promise<ChaosResult> =>
    shell(
      where,
      `mkdir -p chaos-results small && exec unshare ${unshare?.join(' ')} sh -c '${mount} && cd "$PWD" && ${chaos}; code=$?; ${then}; exit $code'`,
      env,
    );

  test.each([
    [
      'the folder for reports is read-only',
      'mount --bind chaos-results chaos-results && mount -o remount,ro,bind chaos-results',
    ],
    ['the whole project is read-only', 'mount --bind . . && mount -o remount,ro,bind . && mount --bind tmp tmp'],
  ])('%s', async (_, mount) => {
    const where = createProject({ 'a.chaos.ts': TESTS.replaceAll("mark('end')", '0') });
    const run = await mounted(where, mount);
    expect(run.code, run.output).toBe(1);
    expect(run.stdout()).toMatch(/50 passed/);
    expect(run.stderr()).toMatch(/Cannot write the JSON report to \S+chaos-results\/results\.json: .*read-only/);
    expect(existsSync(where.file('chaos-results/results.json'))).toBe(false);
    await untilNothingIsLeft(run.footprint);
  });

  test('the disk of the reports is full', async () => {
    const where = project();
    const run = await mounted(
      where,
      'mount -t tmpfs -o size=16k none chaos-results',
      { FAIL: '1' },
      'cp -r chaos-results small/',
    );
    expect(run.code, run.output).toBe(1);
    expect(run.stdout()).toMatch(/1 failed[^]*49 passed/);
    // Either complete, or reported as incomplete.
    const timeline = readFileSync(where.file('small/chaos-results/trace.json'), 'utf8');
    if (timeline.endsWith(',\n')) JSON.parse(timeline.replace(/,\n$/, ']'));
    else expect(run.stderr()).toMatch(/Cannot write the timeline to \S+: no space is left/);
    expect(existsSync(where.file('small/chaos-results/results.json'))).toBe(false);
    expect(run.stderr()).toMatch(/results\.json: no space is left/);
    await untilNothingIsLeft(run.footprint);
  });

  test('the folder for temporary files is full', async () => {
    const where = project();
    const run = await mounted(where, 'mount -t tmpfs -o size=4k none small', { TMPDIR: where.file('small') });
    expect(run.code, run.output).toBe(0);
    expect(run.report().stats.expected).toBe(50);
    await untilNothingIsLeft(run.footprint);
  });
});

test('a file stands where the folder for reports should be', async () => {
  const where = project();
  writeFileSync(where.file('chaos-results'), '');
  const run = await runChaos(where, ['run', '--retries', '0']);
  expect(run.code).toBe(1);
  expect(run.stderr()).toMatch(/a folder of its path is a file/);
  expect(run.stdout()).toMatch(/50 passed/);
});
