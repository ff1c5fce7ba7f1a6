import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';
import { startChaos } from './support/start-chaos.ts';

const ONE = `${HEAD}\ntest('one', () => mark('one'));`;

test('a failure stays one where the retry of its serial group does not get to it', async () => {
  const { run, get } = await runTests(
    `
    test.describe.serial('group', () => {
      test('passes first', ({}, info) => { if (info.retry > 0) throw new Error('second time'); });
      test('always fails', () => { throw new Error('broken'); });
    });
    test.describe.serial('mended', () => {
      test('steady', () => {});
      test('fails once', ({}, info) => { if (info.retry === 0) throw new Error('once'); });
    });
    `,
    ['--workers', '1', '--retries', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(get('always fails').status).toBe('unexpected');
  expect(get('passes first').status).toBe('unexpected');
  expect(get('fails once').status).toBe('flaky');
  expect(run.output).toContain('2 failed');
});

test('a test that gave up first and then failed has failed, though a last retry does not get to it', async () => {
  const { run, get } = await runTests(
    `
    test.describe.serial('group', () => {
      test('before', ({}, info) => { if (info.retry === 2) throw new Error('third time'); });
      test('late', ({}, info) => {
        if (info.retry === 0) test.inconclusive('no chance');
        if (info.retry === 1) throw new Error('broken');
      });
      test('after', ({}, info) => { if (info.retry === 0) throw new Error('first time'); });
    });
    `,
    ['--workers', '1', '--retries', '2'],
  );
  expect(run.code, run.output).toBe(1);
  expect(get('late').status).toBe('unexpected');
  expect(run.output).toContain('3 failed');
});

test('a retry that is skipped clears no failure', async () => {
  const { run, get } = await runTests(
    `test('gives up', ({}, info) => { test.skip(info.retry > 0, 'no second time'); throw new Error('first'); });`,
    ['--retries', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(get('gives up').status).toBe('unexpected');
});

test('a test that its worker cannot load or does not find has failed; a retry in another worker clears that', async () => {
  const files = {
    'b.chaos.ts': `${HEAD}
      import { existsSync, writeFileSync } from 'node:fs';
      const loads = ['.first', '.second'].find((name) => !existsSync(process.env.MARKS + name));
      if (loads) writeFileSync(process.env.MARKS + loads, '');
      if (loads === '.second') throw new Error('cannot be loaded twice');
      test('loaded', () => mark('loaded'));
      test.fail('is meant to fail', () => { throw new Error('as expected'); });`,
    'c.chaos.ts': `${HEAD}\ntest.describe.serial('group', () => { test('moves ' + process.pid, () => {}); test('after', () => mark('after')); });`,
  };
  const alone = `test('alone', { isolate: 'process' }, () => {});`;
  const { run } = await runTests(alone, ['--workers', '1', '--retries', '0'], '{}', files);
  expect(run.code, run.output).toBe(1);
  expect(run.output).toContain('cannot be loaded twice');
  expect(run.output).toContain('Test not found in the worker process');
  expect(run.output).toContain('3 failed');
  expect(run.output).toContain('1 did not run');
  expect(run.marks()).toEqual([]);
  const { 'b.chaos.ts': file } = files;
  const again = await runTests(alone, ['--workers', '1', '--retries', '1'], '{}', { 'b.chaos.ts': file });
  expect(again.run.code, again.run.output).toBe(0);
  expect(again.get('loaded').status).toBe('flaky');
});

test('a test that did not run fails the run, though what kept it from running is in quarantine', async () => {
  const entry = `tests: { 'a.chaos.ts › group › known': { owner: me, reason: later, expires: 2099-01-01 } }`;
  const { run } = await runTests(
    `test.describe.serial('group', () => {
       test('known', () => { throw new Error('known'); });
       test('after', () => {});
     });`,
    [],
    '{ runner: { quarantine: quarantine.yaml } }',
    { 'quarantine.yaml': entry },
  );
  expect(run.code, run.output).toBe(1);
  expect(run.output).toContain('1 test did not run, though nothing stopped the run');
});

test('what is selected by mistake is an error, whatever other projects depend on', async () => {
  const project = createProject({
    'a.test.ts': ONE,
    'prepare.ts': `${HEAD}\ntest('prepare', () => mark('prepare'));`,
    'list.txt': 'a.test.ts:99\n# nothing else\n',
    'right.txt': '[main] › a.test.ts:7:1 › one\n',
    'chaos.config.ts':
      "export default { projects: [{ name: 'prepare', testMatch: 'prepare.ts' }, { name: 'main', dependencies: ['prepare'] }] };",
  });
  const chaos = async (...args: readonly string[]): Promise<readonly [number | null, string, number]> => {
    const { code, output, marks } = await runChaos(project, ['run', ...args]);
    return [code, output, marks().length];
  };
  expect(await chaos('--grep', 'typo')).toEqual([1, expect.stringContaining('No tests found for --grep typo'), 0]);
  expect(await chaos('--test-list', 'list.txt')).toEqual([1, expect.stringContaining('of the test list'), 0]);
  expect(await chaos('--shard', '1/2', '--grep', 'typo')).toEqual([1, expect.stringContaining('No tests found'), 0]);
  expect(await chaos('--grep', 'typo', '--pass-with-no-tests')).toEqual([
    0,
    expect.stringContaining('that is no failure with --pass-with-no-tests'),
    0,
  ]);
  expect(await chaos('--test-list', 'right.txt')).toEqual([0, expect.stringContaining('2 passed'), 2]);
});

test('a part of the selection that names nothing fails the run, though the rest has passed', async () => {
  const project = createProject({
    'a.chaos.ts': ONE,
    'b.chaos.ts': ONE,
    'list.txt': 'a.chaos.ts\nb.chaos.ts:99\n',
    'chaos.config.ts': "export default { projects: [{ name: 'one' }, { name: 'two', testMatch: 'b.chaos.ts' }] };",
  });
  const chaos = async (...args: readonly string[]): Promise<readonly [number | null, string[]]> => {
    const { code, stderr, stdout } = await runChaos(project, ['run', ...args]);
    return [code, (stdout() + stderr()).match(/No tests found for .*/g) ?? []];
  };
  expect(await chaos('a.chaos.ts', 'typo.chaos.ts')).toEqual([1, ['No tests found for "typo.chaos.ts"']]);
  expect(await chaos('a.chaos.ts', 'b.chaos.ts:99')).toEqual([1, ['No tests found for "b.chaos.ts:99"']]);
  expect(await chaos('--test-list', 'list.txt')).toEqual([1, ['No tests found for "b.chaos.ts:99" of the test list']]);
  expect(await chaos('a.chaos.ts', 'typo.chaos.ts', '--pass-with-no-tests')).toEqual([0, []]);
  expect(await chaos('a.chaos.ts', 'b.chaos.ts', '--shard', '1/2')).toEqual([0, []]);
  expect(await chaos('--project', 'one', '--test-list', 'list.txt')).toEqual([0, []]);
});

test('a test that replaces the functions of Promise hides nothing of those after it', async () => {
  const { run, get } = await runTests(
    `
    test('replaces', () => { for (const name of ['race', 'all', 'allSettled']) Promise[name] = () => new Promise(() => {}); });
    test('fails', () => expect(1).toBe(2));
    test('hangs', () => new Promise(() => {}));
    `,
    ['--retries', '0', '--timeout', '2000'],
  );
  expect(run.code, run.output).toBe(1);
  expect(get('fails').results.map(({ status }) => status)).toEqual(['failed']);
  expect(get('hangs').results.map(({ status }) => status)).toEqual(['timedOut']);
});

test('a run that is killed leaves no result of the run before it', async () => {
  const project = createProject({
    'a.chaos.ts': `${HEAD}test('a', async () => { mark(process.env.HANG ?? 'a'); if (process.env.HANG) await new Promise(() => {}); });`,
    'b.chaos.ts': ONE,
    'chaos.yaml':
      'runner: { reporters: [json, [html, { outputFolder: page }], [junit, { outputFile: junit.xml }]], output_dir: out }',
  });
  const left = (): string[] =>
    ['out/results.json', 'junit.xml', 'page/index.html'].filter((name) => existsSync(project.file(name)));
  const before = await runChaos(project, ['run']);
  expect({ code: before.code, left: left() }, before.output).toEqual({
    code: 0,
    left: ['out/results.json', 'junit.xml', 'page/index.html'],
  });
  const run = startChaos(project, ['run', 'a.chaos.ts'], { env: { HANG: 'hangs' } });
  await run.marked('hangs');
  run.kill('SIGKILL');
  await run.exited;
  expect(left()).toEqual([]);
  const again = await runChaos(project, ['run', '--last-failed']);
  expect({ code: again.code, count: again.marks().filter((mark) => mark === 'a').length }).toEqual({
    code: 0,
    count: 2,
  });
});

test('an empty shard and an unchanged checkout pass, and say why', async () => {
  const project = createProject({ 'a.chaos.ts': ONE, '.gitignore': 'node_modules\nchaos-results\ntmp\nmarks*\n' });
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: project.path, stdio: 'pipe' });
  git('init');
  git('add', '-A');
  git('commit', '-m', 'all');
  const unchanged = await runChaos(project, ['run', '--only-changed']);
  expect([unchanged.code, unchanged.output]).toEqual([
    0,
    expect.stringContaining('nothing that they depend on has changed'),
  ]);
  expect((await runChaos(project, ['run', '--only-changed', '--grep', 'typo'])).code).toBe(1);
  const shards = await Promise.all(['1/2', '2/2'].map((shard) => runChaos(project, ['run', '--shard', shard])));
  expect(shards.map(({ code }) => code)).toEqual([0, 0]);
  expect(shards.filter(({ output }) => output.includes('all of them belong to other shards'))).toHaveLength(1);
  writeFileSync(project.file('a.chaos.ts'), `${ONE}\n`);
  expect((await runChaos(project, ['run', '--only-changed', '--grep', 'typo'])).code).toBe(1);
});

test('a capability that does not exist is refused before anything runs, with what was meant', async () => {
  const { run } = await runTests(
    `test('fine', () => mark('ran'));
     test('typo', { requires: ['nett'] }, () => {});
     test.describe('group', { requires: ['faketim'] }, () => { test('inner', () => {}); });`,
  );
  expect(run.code, run.output).toBe(2);
  expect(run.output).toContain('"typo" requires "nett", which is no capability: did you mean "netem"?');
  expect(run.output).toContain('"group › inner" requires "faketim", which is no capability: did you mean "faketime"?');
  expect(run.marks()).toEqual([]);
});

const LEAVES: Readonly<Record<string, string>> = {
  'sets another exit code as the process ends': `process.on('exit', () => { process.exitCode = 0; });`,
  'ends the process once more as it ends': `process.on('exit', () => process.exit(0));`,
  'ends the process': 'process.exit();',
  'ends the process without a listener': `process.removeAllListeners('exit'); process.exit(0);`,
};

test.each(Object.entries(LEAVES))('no code in the main process turns a failure into a pass: it %s', async (_, code) => {
  const run = await runChaos(
    createProject({
      'chaos.yaml': 'runner: { retries: 0, global_setup: ./up.ts }',
      'up.ts': `export default () => { ${code} };`,
      'a.chaos.ts': `${HEAD}\ntest('fails', () => { throw new Error('broken'); });`,
    }),
    ['run'],
  );
  expect(run.code, run.output).toBe(1);
});

test('what changed is found whatever it is called, however the folder is named, and if it is the configuration', async () => {
  const name = 'täst "a" \n.chaos.ts';
  const project = createProject({
    [`inner/${name}`]: ONE,
    'inner/chaos.yaml': '{}',
    'inner/b.chaos.ts': `${HEAD}\ntest('b', () => mark('b'));`,
    '.gitignore': 'node_modules\nchaos-results\ntmp\nmarks*\nlink\n',
  });
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: project.path, stdio: 'pipe' });
  git('init');
  git('config', 'diff.relative', 'true');
  git('add', '-A');
  git('commit', '-m', 'all');
  symlinkSync('inner', project.file('link'));
  const marksOf = async (): Promise<readonly string[]> => {
    rmSync(project.file('marks'), { force: true });
    const run = await runChaos(project, ['run', '--only-changed', '-c', 'link/chaos.yaml']);
    expect(run.code, run.output).toBe(0);
    return [...run.marks()].sort();
  };
  expect(await marksOf()).toEqual([]);
  appendFileSync(project.file(`inner/${name}`), '\n');
  expect(await marksOf()).toEqual(['one']);
  writeFileSync(project.file('inner/chaos.yaml'), 'runner: { retries: 0 }');
  expect(await marksOf()).toEqual(['b', 'one']);
});

test('a pattern that remembers its last match selects the same tests, and so does each of a list by its own flags', async () => {
  const fails = (title: string): string => `test('${title}', () => { mark('${title}'); throw new Error('broken'); });`;
  const project = createProject({
    'a.chaos.ts': `${HEAD}\ntest('x1', () => mark('x1'));\n${fails('x2')}`,
    'b.chaos.ts': `${HEAD}\n${fails('x3')}\n${fails('y')}`,
    'chaos.yaml': 'runner: { retries: 0 }',
  });
  const marked = async (config: string, ...args: readonly string[]): Promise<readonly string[]> => {
    rmSync(project.file('marks'), { force: true });
    writeFileSync(project.file('chaos.config.ts'), `export default { ${config} };`);
    const run = await runChaos(project, ['run', ...args]);
    expect(run.code, run.output).toBe(1);
    return [...run.marks()].sort();
  };
  const all = ['x1', 'x2', 'x3'];
  expect(await marked('', '--grep', '/x/g')).toEqual(all);
  expect(await marked('', '--grep', '/.*x/y')).toEqual(all);
  expect(await marked('grep: /x/g')).toEqual(all);
  expect(await marked('grepInvert: /y/g')).toEqual(all);
  expect(await marked("projects: [{ name: 'a', grep: /x/g, testMatch: /[.]chaos[.]/g }]")).toEqual(all);
  expect(await marked('testMatch: [/a.chaos.ts$/g, /b.chaos.ts$/g]', '/chaos/g')).toEqual([...all, 'y']);
  expect(await marked(String.raw`grep: [/(q)\1|x/, /Y/i]`)).toEqual([...all, 'y']);
  expect(await marked('grepInvert: [/(?<last>Y)$/i, /(?<last>1)$/]')).toEqual(['x2', 'x3']);
});

test('a hook that a suite shares fails the run, though its last or first test is expected to fail or in quarantine', async () => {
  const entry = `tests: { 'a.chaos.ts › group › known': { owner: me, reason: later, expires: 2099-01-01 } }`;
  const ran = async (source: string): Promise<readonly [number | null, readonly string[]]> => {
    const { run } = await runTests(
      `test.describe('group', () => {\n${source}\n});`,
      ['--workers', '1', '--retries', '0'],
      '{ runner: { quarantine: quarantine.yaml } }',
      { 'quarantine.yaml': entry },
    );
    return [run.code, run.report().errors.map(({ message }) => message.replace(/^Error: /, ''))];
  };
  const known = `test('known', () => {});`;
  const expected = `test.fail('expected', () => { throw new Error('as expected'); });`;
  expect(await ran(`test.afterAll(() => { throw new Error('after'); });\n${known}\n${expected}`)).toEqual([
    1,
    ['after'],
  ]);
  expect(await ran(`test.afterAll(() => { throw new Error('after'); });\n${expected}\n${known}`)).toEqual([
    1,
    ['after'],
  ]);
  expect(
    await ran(`test.beforeAll(() => { throw new Error('before'); });\n${expected.replace('expected', 'known')}`),
  ).toEqual([1, ['before']]);
  expect(await ran(`test.afterEach(() => { throw new Error('each'); });\n${known}\n${expected}`)).toEqual([0, []]);
  expect(await ran(`test.beforeAll(() => test.skip(true, 'not here'));\n${known}\n${expected}`)).toEqual([0, []]);
});

test('a test that replaces then of promises, or what clocks count with, hides nothing and ends', async () => {
  const { run, get } = await runTests(
    `
    const { then } = Promise.prototype;
    test('swallows', () => { Promise.prototype.then = function (a) { return then.call(this, a, () => a?.()); }; });
    test('fails after it', async () => { await delay(1); throw new Error('broken'); });
    test('swallows its own failure', async () => {
      Promise.prototype.then = function (a) { return then.call(this, a, () => a?.()); };
      await delay(1);
      throw new Error('broken');
    });
    test('never calls back', () => {
      Promise.prototype.then = () => new Promise(() => {});
      Promise.resolve = () => new Promise(() => {});
      globalThis.Promise = class {};
    });
    test('passes', async () => { await Promise.all([delay(1), delay(2)]); });
    test('hangs', () => { Number.isFinite = () => false; return new Promise(() => {}); });
    `,
    ['--retries', '0', '--timeout', '2000'],
  );
  expect(run.code, run.output).toBe(1);
  const statuses = ['fails after it', 'swallows its own failure', 'passes', 'hangs'].map((title) =>
    get(title)
      .results.map(({ status }) => status)
      .join(),
  );
  expect(statuses, run.output).toEqual(['failed', 'failed', 'passed', 'timedOut']);
});
