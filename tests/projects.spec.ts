import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

const CONFIG = `
export default {
  testDir: 'tests', retries: 0, use: { flavour: 'top' }, globalSetup: './setup.ts',
  projects: [
    { name: 'main', dependencies: ['prepare'], use: { flavour: 'own' }, testMatch: /b\\.chaos/ },
    { name: 'prepare', testMatch: 'a.chaos.ts', teardown: 'clean' },
    { name: 'clean', testMatch: ['c.chaos.ts'] },
  ],
};
`;
const SETUP = `
import { appendFileSync } from 'node:fs';
export default () => {
  process.env.FROM_SETUP = 'yes';
  appendFileSync(process.env.MARKS, 'set up\\n');
  return () => appendFileSync(process.env.MARKS, 'torn down\\n');
};
`;
const FIXTURES = `
import { test as base } from '@chaos/test';
export const test = base.extend({ flavour: ['plain', { option: true }] });
`;
const tests = (name: string) => `
import { appendFileSync } from 'node:fs';
import { test } from './fixtures.ts';
test('${name}', async ({ flavour }, { project, repeatEachIndex }) => {
  appendFileSync(process.env.MARKS, ['${name}', project.name, flavour, process.env.FROM_SETUP, repeatEachIndex].join(' ') + '\\n');
  if (process.env.FAIL === '${name}') throw new Error('asked to');
});
`;

function project(): Project {
  return createProject({
    'chaos.config.ts': CONFIG,
    'setup.ts': SETUP,
    'tests/fixtures.ts': FIXTURES,
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`tests/${name}.chaos.ts`, tests(name)])),
  });
}

async function marksOf(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  where = project(),
): Promise<{ readonly code: number | null; readonly marks: readonly string[]; readonly output: string }> {
  writeFileSync(where.file('marks'), '');
  const { code, marks, output } = await runChaos(where, args, { env });
  return { code, marks: marks(), output };
}

test('dependencies come before, teardowns after, with the options of each and what the set-up left in the environment', async () => {
  const { code, marks, output } = await marksOf(['run']);
  expect(code, output).toBe(0);
  expect(marks).toEqual(['set up', 'a prepare top yes 0', 'b main own yes 0', 'c clean top yes 0', 'torn down']);
});

test('what depends on a failed project does not run, its teardown does', async () => {
  const where = project();
  const { code, marks } = await marksOf(['run'], { FAIL: 'a' }, where);
  expect(code).toBe(1);
  expect(marks.map((line) => line.split(' ')[0])).toEqual(['set', 'a', 'c', 'torn']);
  // Tests that failed or did not run are tried again; their dependencies come along by themselves.
  const again = await marksOf(['run', '--last-failed', '--no-deps', '--project', '*'], {}, where);
  expect(new Set(again.marks.map((line) => line.split(' ')[0]))).toEqual(new Set(['a', 'b', 'set', 'torn']));
});

test('projects are chosen by wildcard, repeated, and unknown ones refused', async () => {
  const { marks } = await marksOf(['run', '--project', 'ma*', '--no-deps', '--repeat-each', '2']);
  expect(marks).toEqual(['set up', 'b main own yes 0', 'b main own yes 1', 'torn down']);
  const unknown = await marksOf(['run', '--project', 'nope']);
  expect(unknown).toMatchObject({ code: 2, output: expect.stringContaining('there are "main", "prepare", "clean"') });
});

test('shards share the tests, each with what it depends on', async () => {
  const where = createProject({
    'a.chaos.ts': `import { test } from '@chaos/test';\nimport { appendFileSync } from 'node:fs';\ntest.describe.configure({ mode: 'parallel' });\nfor (let i = 0; i < 12; i++) test('t' + i, () => appendFileSync(process.env.MARKS, i + '\\n'));`,
  });
  const parts: (readonly string[])[] = [];
  // The first shard finds no timings, and must not leave any that would change the shares of the second.
  for (const part of ['1/2', '2/2'])
    parts.push((await marksOf(['run', '--shard', part, '--output', `out-${part[0]}`], {}, where)).marks);
  expect(
    parts
      .flat()
      .map(Number)
      .sort((left, right) => left - right),
  ).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(parts.every(({ length }) => length > 0)).toBe(true);
});

test('files are chosen by what changed since a commit, themselves or in what they import', async () => {
  const where = project();
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.email=a@b', '-c', 'user.name=x', ...args], {
      cwd: where.path,
      stdio: 'ignore',
    });
  writeFileSync(where.file('.gitignore'), 'node_modules\ntmp\nmarks\nchaos-results\n');
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'x'],
  ])
    git(...args);
  const listed = async (): Promise<string[]> =>
    (await marksOf(['list', '--only-changed', '--no-deps', '--project', '*'], {}, where)).output.match(
      /[abc]\.chaos\.ts/g,
    ) ?? [];
  expect(await listed()).toEqual([]);
  appendFileSync(where.file('tests/b.chaos.ts'), '// changed\n');
  expect(await listed()).toEqual(['b.chaos.ts']);
  appendFileSync(where.file('tests/fixtures.ts'), '// changed\n');
  expect((await listed()).sort()).toEqual(['a.chaos.ts', 'b.chaos.ts', 'c.chaos.ts']);
});

test('tests are chosen by a list of ids and places, or left out by it', async () => {
  const where = project();
  const { tests: all } = JSON.parse(
    (await marksOf(['list', '--json', '--no-deps', '--project', '*'], {}, where)).output,
  ) as { tests: { id: string; title: string }[] };
  writeFileSync(where.file('list.txt'), `# mine\n${all.find(({ title }) => title === 'a')?.id}\ntests/c.chaos.ts:4\n`);
  expect(readFileSync(where.file('tests/c.chaos.ts'), 'utf8').split('\n')[3]).toContain('test(');
  const chosen = async (flag: string): Promise<string[]> =>
    (await marksOf(['list', flag, 'list.txt', '--no-deps', '--project', '*'], {}, where)).output.match(
      /[abc]\.chaos\.ts/g,
    ) ?? [];
  expect((await chosen('--test-list')).sort()).toEqual(['a.chaos.ts', 'c.chaos.ts']);
  expect(await chosen('--test-list-invert')).toEqual(['b.chaos.ts']);
});

test('a shard may stand in the configuration; the command line has the last word', async () => {
  const tests = Array.from({ length: 6 }, (_, index) => `test('t${index}', () => mark('t${index}'));`).join('\n');
  const files = { 'a.chaos.ts': `${HEAD}test.describe.configure({ mode: 'parallel' });\n${tests}` };
  const of = async (config: string, ...args: readonly string[]): Promise<ChaosResult> =>
    runChaos(createProject({ ...files, 'chaos.yaml': config }), ['run', ...args]);
  const [first, second, typed, wrong] = [
    await of('runner: { shard: { current: 1, total: 2 } }'),
    await of('{}', '--shard', '2/2'),
    await of('runner: { shard: { current: 1, total: 2 } }', '--shard=2/2'),
    await of('runner:\n  shard: { current: 3, total: 2 }\n'),
  ];
  expect([...first.marks(), ...second.marks()].toSorted(), first.output).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
  expect(typed.marks().toSorted()).toEqual(second.marks().toSorted());
  expect(first.report()).toMatchObject({ config: { shard: { current: 1, total: 2 } } });
  expect(wrong.code).toBe(2);
  expect(wrong.output).toMatch(/chaos\.yaml:2:\d+.*allowed is \{ current, total \}/);
});

test('each project, and each repetition, has its own hooks for all tests; each project its own worker fixtures', async () => {
  const { run } = await runTests(
    `
    const it = test.extend({
      region: ['none', { option: true }],
      account: [async ({}, use, info) => { mark('account of ' + info.project.name); await use(1); mark('no account of ' + info.project.name); }, { scope: 'worker' }],
    });
    it.beforeAll(({ region, account }, info) => mark('beforeAll in ' + region + ' ' + info.repeatEachIndex));
    it.afterAll(({ region }, info) => mark('afterAll in ' + region + ' ' + info.repeatEachIndex));
    it('one', ({ region }, info) => mark('one in ' + region + ' ' + info.repeatEachIndex));
    it('two', ({ region }, info) => mark('two in ' + region + ' ' + info.repeatEachIndex));
    `,
    ['--workers', '1'],
    '{}',
    {
      'chaos.config.ts':
        "export default { projects: [{ name: 'a', repeatEach: 2, use: { region: 'eu' } }, { name: 'b', use: { region: 'us' } }] };",
    },
  );
  const all = (where: string): readonly string[] =>
    ['beforeAll', 'one', 'two', 'afterAll'].map((what) => `${what} in ${where}`);
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual([
    'account of a',
    ...all('eu 0'),
    ...all('eu 1'),
    'no account of a',
    'account of b',
    ...all('us 0'),
    'no account of b',
  ]);
});

test('what a project leaves in the environment is there for those that depend on it, in every worker', async () => {
  const see = (name: string): string =>
    `${HEAD}test('${name}', async () => { mark('${name} ' + [process.env.TOKEN, process.env.GONE, process.env.TEST_PARALLEL_INDEX].join(' ')); await delay(300); });`;
  const files = {
    'chaos.yaml':
      "projects: { prepare: { test_match: a.chaos.ts }, main: { test_match: '/[b-e].chaos/', dependencies: [prepare] } }",
    'a.chaos.ts': `${HEAD}test('prepares', () => { process.env.TOKEN = 'secret'; delete process.env.GONE; });`,
    ...Object.fromEntries(['b', 'c', 'd', 'e'].map((name) => [`${name}.chaos.ts`, see(name)])),
  };
  const run = await runChaos(createProject(files), ['run', '--workers', '2', '--retries', '0'], {
    env: { GONE: 'here', TOKEN: 'old' },
  });
  expect(run.code, run.output).toBe(0);
  expect(
    run
      .marks()
      .map((mark) => mark.slice(0, -2))
      .toSorted(),
  ).toEqual(['b secret ', 'c secret ', 'd secret ', 'e secret ']);
  expect(new Set(run.marks().map((mark) => mark.slice(-1))).size).toBe(2);
});

test('a project may have its own folder for what its tests put out; reports stay in that of the run, and --output is for all', async () => {
  const source = (name: string): string =>
    `${HEAD}
    test('writes', async ({}, info) => {
      writeFileSync(info.outputPath('made.txt'), 'x');
      await info.attach('made', { path: info.outputPath('made.txt') });
      mark(info.project.name + ' ' + (info.outputDir.startsWith(info.project.outputDir + '/') ? info.project.outputDir : info.outputDir));
    });
    test('says much', async () => { await new Promise((done) => process.stdout.write('y'.repeat(1_100_000), done)); if ('${name}' === 'own') expect(1).toBe(2); });
    test('is killed', async () => { await new Promise((done) => process.stdout.write('z'.repeat(1_100_000), done)); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });
  `.replace('import { appendFileSync }', 'import { appendFileSync, writeFileSync }');
  const files = {
    'chaos.yaml':
      'runner: { preserve_output: failures-only, retries: 0, workers: 1 }\nprojects: { plain: { test_match: a.chaos.ts }, own: { test_match: b.chaos.ts, output_dir: out/own } }',
    'a.chaos.ts': source('plain'),
    'b.chaos.ts': source('own'),
  };
  const where = createProject(files);
  const run = await runChaos(where, ['run']);
  const foldersIn = (path: string): number => (existsSync(where.file(path)) ? readdirSync(where.file(path)).length : 0);
  expect(run.code).toBe(1);
  expect(run.marks(), run.output).toEqual([`plain ${where.file('chaos-results')}`, `own ${where.file('out/own')}`]);
  const { config, suites } = run.report() as unknown as {
    readonly config: { readonly projects: readonly { readonly outputDir: string }[] };
    readonly suites: unknown;
  };
  expect(config.projects.map(({ outputDir }) => outputDir)).toEqual([
    where.file('chaos-results'),
    where.file('out/own'),
  ]);
  const paths = [...JSON.stringify(suites).matchAll(/"path":"([^"]+)"/g)].map(([, path = '']) =>
    path.slice(where.path.length + 1),
  );
  expect(paths.filter((path) => path.endsWith('stdout.txt')).map((path) => path.split('/tests/')[0])).toEqual([
    'chaos-results',
    'chaos-results',
    'out/own',
    'out/own',
  ]);
  expect([foldersIn('chaos-results/tests'), foldersIn('out/own/tests')]).toEqual([1, 2]);
  expect(readdirSync(where.file('out/own'))).toEqual(['tests']);

  const typed = await runChaos(where, ['run', '--output', 'typed', '--grep', 'writes']);
  expect(typed.marks().slice(2), typed.output).toEqual([`plain ${where.file('typed')}`, `own ${where.file('typed')}`]);
});

test('projects of one name, or of none, all run, each with its own values', async () => {
  const source = `
    import { appendFileSync } from 'node:fs';
    import { test as base } from '@chaos/test';
    const test = base.extend({ n: [0, { option: true }] });
    test('t', ({ n }, { project }) => {
      appendFileSync(process.env.MARKS, '"' + project.name + '" ' + n + '\\n');
      if (n === Number(process.env.FAIL)) throw new Error('asked to');
    });`;
  const files = (projects: string): Record<string, string> => ({
    'a.chaos.ts': source,
    'chaos.config.ts': `export default { retries: 0, projects: [${projects}] };`,
  });
  const same = createProject(files(`{ name: 'same', use: { n: 1 } }, { name: 'same', use: { n: 2 } }`));
  const args = ['run', '--workers', '1'];
  const both = await runChaos(same, [...args, '--project', 'same']);
  expect([both.code, both.marks()], both.output).toEqual([0, ['"same" 1', '"same" 2']]);
  expect(both.output).toContain('2 passed');
  for (const n of ['1', '2']) {
    const failed = await runChaos(same, args, { env: { FAIL: n } });
    expect(failed.code, failed.output).toBe(1);
    expect(failed.output).toContain('1 passed');
  }
  const nameless = await runChaos(
    createProject(files('{ use: { n: 1 } }, { use: { n: 2 } }, { use: { n: 3 } }')),
    args,
  );
  expect([nameless.code, nameless.marks()], nameless.output).toEqual([0, ['"" 1', '"" 2', '"" 3']]);
  const unclear = files(`{ name: 'x' }, { name: 'x' }, { name: 'y', dependencies: ['x'] }`);
  const refused = await runChaos(createProject(unclear), args);
  expect([refused.code, refused.marks()], refused.output).toEqual([2, []]);
  expect(refused.output).toContain('Project "y" needs the project "x", of which there are 2');
});

test('projects with numbers for names keep their order and their names', async () => {
  const numbered = createProject({
    'chaos.config.ts': `export default { retries: 0, projects: [
      { name: '3', dependencies: ['1'] }, { name: '2', teardown: '10' }, { name: '1', dependencies: ['2'] }, { name: '10' },
    ] };`,
    'a.chaos.ts': `${HEAD}
      import { appendFileSync } from 'node:fs';
      test('t', ({}, { project: { name, dependencies, teardown } }) =>
        appendFileSync(process.env.MARKS, [name, dependencies, teardown].join(' ') + '\\n'));`,
  });
  const result = await runChaos(numbered, ['run', '--workers', '1', '--reporter', 'line,json', '--project', '3']);
  expect([result.code, result.marks()], result.output).toEqual([0, ['2  10', '1 2 ', '3 1 ', '10  ']]);
  for (const name of ['2', '1', '3', '10']) expect(result.output).toContain(`[${name}] › a.chaos.ts`);
  const names = result.report().suites[0]?.specs.flatMap((spec) => spec.tests.map((each) => each.projectName));
  expect(names).toEqual(['3', '2', '1', '10']);
});
