import { expect, test } from 'vitest';
import { createProject } from '../support/project.ts';
import { runChaos, type ChaosResult } from '../support/run-chaos.ts';
import { HEAD } from '../support/run-tests.ts';

// Each selection here is that of Playwright Test 1.63.
const PROJECTS = `export default { workers: 1, retries: 0, projects: [
  { name: 'prepare', testMatch: '**/prepare*.ts', teardown: 'clean' },
  { name: 'main', testMatch: '**/*.test.ts', dependencies: ['prepare'] },
  { name: 'other', testMatch: '**/*.other.ts' },
  { name: 'clean', testMatch: '**/clean.ts' },
] };`;
const marking = (title: string): string => `${HEAD} test('${title}', () => mark('${title}'));`;
const FILES = {
  'chaos.config.ts': PROJECTS,
  'prepare-one.ts': marking('one'),
  'prepare-two.ts': marking('two'),
  'a.test.ts': marking('main'),
  'b.other.ts': marking('other'),
  'clean.ts': marking('clean'),
};

async function run(args: readonly string[], files: Readonly<Record<string, string>> = FILES): Promise<ChaosResult> {
  return runChaos(createProject(files), ['run', ...args]);
}

test.each([
  ['a dependency that is asked for by its file alone is filtered itself', ['prepare-two.ts'], ['two', 'clean']],
  ['a file brings its dependencies and their teardown, whole', ['a.test.ts'], ['one', 'two', 'main', 'clean']],
  ['grep sees the path of a file', ['--grep', 'a.test.ts'], ['one', 'two', 'main', 'clean']],
  ['grep of a title of one project leaves the others out', ['--grep', 'other'], ['other']],
  [
    'dependencies and teardowns are not repeated',
    ['--repeat-each', '2', '--project', 'main'],
    ['one', 'two', 'main', 'main', 'clean'],
  ],
  ['without dependencies only the project itself', ['--no-deps', '--project', 'main'], ['main']],
])('%s', async (_, args, expected) => {
  const { code, output, marks } = await run(args);
  expect(code, output).toBe(0);
  expect(marks()).toEqual(expected);
});

test('a focused test of one project brings only the dependencies of that', async () => {
  const { marks } = await run([], {
    ...FILES,
    'b.other.ts': `${HEAD} test.only('other', () => mark('other')); test('else', () => mark('else'));`,
  });
  expect(marks()).toEqual(['other']);
});

const GROUPS = `${HEAD}
test.describe('outer', () => {
  test('first', () => mark('first'));
  test.describe.only('group', () => {
    test('second', () => mark('second'));
    test.only('third', () => mark('third'));
  });
  test('fourth', () => mark('fourth'));
});
`;

test('of a focused group with a focused test only that test runs', async () => {
  const { marks } = await run([], { 'a.test.ts': GROUPS });
  expect(marks()).toEqual(['third']);
});

test('file:line means all tests of a group that begins there', async () => {
  const source = GROUPS.replaceAll('.only', '');
  const line = source.split('\n').findIndex((text) => text.includes("'group'")) + 1;
  const { marks } = await run([`a.test.ts:${line}`], { 'a.test.ts': source });
  expect(marks()).toEqual(['second', 'third']);
});

test('a filter may be a regular expression in slashes, and files may begin with a dot', async () => {
  const { marks } = await run([String.raw`/\.hid.*ts$/`], {
    '.hidden.test.ts': marking('hidden'),
    'a.test.ts': marking('shown'),
  });
  expect(marks()).toEqual(['hidden']);
});

test('serial groups of a parallel suite run beside each other, each in order', async () => {
  const { code, output } = await run(['--workers', '2', '--timeout', '20000'], {
    'a.test.ts': `${HEAD}
      import { existsSync, writeFileSync } from 'node:fs';
      test.describe.parallel('all', () => {
        for (const [name, other] of [['A', 'B'], ['B', 'A']]) test.describe.serial(name, () => {
          test(name + ' meets the other', async () => {
            writeFileSync(name, '');
            while (!existsSync(other)) await delay(10);
          });
          test(name + ' goes on', () => mark(name));
        });
      });`,
  });
  expect(code, output).toBe(0);
});

test('what a project leaves in the environment is for those that depend on it, directly or through others', async () => {
  const { code, output, marks } = await run([], {
    'chaos.config.ts': `export default { workers: 1, retries: 0, projects: [
      { name: 'a', testMatch: 'a.test.ts' }, { name: 'b', testMatch: 'b.test.ts' },
      { name: 'after a', testMatch: 'c.test.ts', dependencies: ['a'] },
      { name: 'after b', testMatch: 'c.test.ts', dependencies: ['b'] },
      { name: 'late', testMatch: 'c.test.ts', dependencies: ['after a'] } ] };`,
    'helper.ts': `process.env.LOADED = 'yes';`,
    'a.test.ts': `${HEAD} test('a', () => { process.env.A = 'set'; });`,
    'b.test.ts': `${HEAD} test('b', () => { process.env.B = 'set'; });`,
    'c.test.ts': `${HEAD} import './helper';
      test('c', ({}, info) => mark([info.project.name, process.env.A, process.env.B, process.env.LOADED].join(' ')));`,
  });
  expect(code, output).toBe(0);
  expect(marks().toSorted()).toEqual(['after a set  yes', 'after b  set yes', 'late set  yes']);
});

test('after too many failures no worker starts another test, but a teardown runs', async () => {
  const failing = `${HEAD} for (let i = 0; i < 6; i++)
    test('fails ' + i, async () => { mark('begun'); await delay(300); throw new Error('x'); });`;
  const { code, marks } = await run(['--max-failures', '3', '--workers', '2'], {
    ...FILES,
    'chaos.config.ts': PROJECTS.replace('workers: 1, ', ''),
    'b.other.ts': marking('other').replace('test(', 'test.skip('),
    'a.test.ts': failing,
    'c.test.ts': failing,
  });
  expect(code).toBe(1);
  // At most one more runs when the third failure is told.
  expect(marks().filter((mark) => mark === 'begun').length).toBeLessThanOrEqual(4);
  expect(marks().at(-1)).toBe('clean');
});
