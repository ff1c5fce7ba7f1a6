import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

const FILES = { 'a.chaos.ts': `${HEAD}test('one', () => mark('ran'));` };

test('a value that makes no sense is refused, with what is allowed', async () => {
  const project = createProject(FILES);
  const said = async (...args: readonly string[]): Promise<string> => {
    const run = await runChaos(project, ['run', ...args]);
    return `${run.code} ${run.output}`;
  };
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['--workers', '150%'], /--workers: current value is "150%", allowed is a whole number ≥ 1, or a percentage/],
    [['--retries=-1'], /--retries: current value is -1, allowed is a whole number from 0 to 100/],
    [['--timeout', 'soon'], /--timeout: current value is "soon", allowed is a whole number/],
    [['--repeat-each', '0'], /--repeat-each: current value is 0/],
    [['--max-failures', '1.5'], /--max-failures: current value is 1\.5/],
    [['--reporter', 'lst'], /Unknown reporter "lst"[^]*list, line, dot/],
    [['--shard', '3/2'], /--shard "3\/2": it must be i\/n/],
    [['--grep', '('], /--grep "\(": Invalid regular expression/],
    [['--project', 'nope'], /project "nope"/],
    [['--variant', 'nope'], /Unknown variant "nope"/],
    [['--environment', 'nope'], /--environment: current value is "nope", allowed is one of ci/],
    [['--until', 'late'], /--until "late": it must be fail, stable/],
    [['--test-list', 'nope.txt'], /Cannot read the test list nope\.txt/],
    [['--tsconfig', 'nope.json'], /Cannot use the tsconfig .*nope\.json: there is no such file \(--tsconfig\)/],
    [['--config', 'nope.yaml'], /nope\.yaml: Cannot read the configuration file/],
    [['--only-changed', 'nope'], /Cannot find what changed since nope/],
    [['--last-failed-file', 'nope/x', '--last-failed'], /nope holds no run/],
    [['--worker', '2'], /unknown option '--worker'[^]*--workers/],
    [['--retries'], /argument missing/],
  ];
  for (const [args, message] of refused) {
    const output = await said(...args);
    expect(output, args.join(' ')).toMatch(/^2 /);
    expect(output, args.join(' ')).toMatch(message);
  }
});

test('a time-out of 0 is none, as in Playwright', async () => {
  const { run, only } = await runTests(
    "test('takes a while', async ({}, info) => { await delay(300); mark(String(info.timeout)); });\ntest('ends itself', async ({}, info) => { info.setTimeout(200); await delay(60_000, undefined, { signal: info.signal }); });",
    ['--timeout', '0', '--global-timeout', '0', '--retries', '0'],
  );
  expect(run.code, run.output).toBe(1);
  expect(run.marks()).toEqual(['0']);
  expect(only('ends itself').status).toBe('timedOut');
});

test('nothing to do is an error, but for one of many shards, and where nothing changed', async () => {
  const project = createProject({ ...FILES, '.gitignore': 'node_modules\nchaos-results\ntmp\nmarks\n' });
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: project.path, stdio: 'pipe' });
  git('init');
  git('add', '-A');
  git('commit', '-m', 'all');
  const codeOf = async (...args: readonly string[]): Promise<number | null> =>
    (await runChaos(project, ['run', ...args])).code;
  expect([await codeOf('--shard', '1/3'), await codeOf('--shard', '2/3'), await codeOf('--shard', '3/3')]).toEqual([
    0, 0, 0,
  ]);
  expect(await codeOf('--only-changed')).toBe(0);
  expect(await codeOf('--grep', 'nothing')).toBe(1);
  expect(await codeOf('--grep', 'nothing', '--pass-with-no-tests')).toBe(0);
  expect((await runChaos(project, ['run', '--last-failed'])).output).toMatch(
    /No tests found among those that failed or did not run last time/,
  );
});

test('merge-reports takes its reporters, and where the tests are now, from a configuration', async () => {
  const where = createProject(FILES);
  expect((await runChaos(where, ['run', '--reporter', 'blob'])).code).toBe(0);
  const blob = where.file('blob-report');
  const config = "export default { reporter: [['json', { outputFile: 'merged.json' }], ['./own.cjs']] };";
  const own =
    "module.exports = class { onTestEnd(test) { console.log('OWN ' + test.title + ' ' + test.location.file); } };";
  const project = createProject({ 'elsewhere/chaos.config.ts': config, 'elsewhere/own.cjs': own });
  const merged = await runChaos(project, ['merge-reports', '--config', 'elsewhere', blob]);
  expect(merged.code, merged.output).toBe(0);
  expect(merged.output).toContain(`OWN one ${project.file('elsewhere/a.chaos.ts')}`);
  expect(JSON.parse(readFileSync(project.file('elsewhere/merged.json'), 'utf8'))).toMatchObject({
    stats: { expected: 1 },
    config: { rootDir: project.file('elsewhere') },
  });
  expect((await runChaos(project, ['merge-reports', '--config', 'nowhere.yaml', blob])).code).toBe(2);
});

test('clear-cache removes the transformed code, says how much and where, and touches nothing of others', async () => {
  const project = createProject(FILES);
  const clear = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
    const run = await runChaos(project, ['clear-cache', ...args]);
    return [run.code, run.output];
  };
  const cached = (): readonly string[] =>
    readdirSync(project.tmp, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  await runChaos(project, ['run']);
  const folder = project.file(`tmp/chaos-transform-${process.getuid?.()}`);
  expect(cached()).toHaveLength(1);
  const [code, output] = await clear();
  expect(code, output).toBe(0);
  expect(output).toMatch(/^Removed 1 file of transformed code, [1-9]\d* KiB, from /);
  expect(output).toContain(`from ${folder}\n`);
  expect(existsSync(folder)).toBe(false);
  expect(await clear()).toEqual([0, `Nothing to remove: no code is cached in ${folder}\n`]);
  expect(JSON.parse((await clear('--json'))[1])).toEqual({ folder, files: 0, bytes: 0 });
  expect((await runChaos(project, ['run'])).marks()).toEqual(['ran', 'ran']);
  expect(cached()).toHaveLength(1);

  const before = readdirSync(folder);
  renameSync(folder, project.file('elsewhere'));
  symlinkSync(project.file('elsewhere'), folder);
  const [refused, why] = await clear();
  expect(refused).toBe(3);
  expect(why).toContain(
    `error: Cannot clear the cache: ${folder} is not a folder of this user alone ` +
      `(Cannot use ${folder}: it is a symbolic link or no folder)\nhint: `,
  );
  expect(readdirSync(project.file('elsewhere'))).toEqual(before);
});
