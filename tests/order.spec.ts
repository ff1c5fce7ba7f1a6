import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD } from './support/run-tests.ts';

// With MEET, the two tests that should run first wait for each other, and `d` for the third as well.
const MEET = `import { readFileSync } from 'node:fs';
const begun = () => readFileSync(process.env.MARKS, 'utf8').split('\\n').filter(Boolean);
const meet = async (met) => { while (process.env.MEET && !met(begun())) await delay(5); };
`;
const WAITS: Readonly<Record<string, string>> = {
  d: 'await meet((all) => all.length > 2);',
  e: "await meet((all) => all.includes('d'));",
};
const FILES = Object.fromEntries(
  ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [
    `${name}.chaos.ts`,
    `${HEAD}${MEET}test('${name}', async () => { mark('${name}'); ${WAITS[name] ?? ''} expect(process.env.FAILS).not.toBe('${name}'); });`,
  ]),
);

const ran = (run: { marks(): readonly string[] }): string => run.marks().filter(Boolean).join(' ');

async function marksOf(
  project: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  writeFileSync(project.file('marks'), '');
  return ran(await runChaos(project, ['run', '--retries', '0', ...args], { env }));
}

/** Writes the file that earlier runs would have left: durations of each test, ms, and the tests that failed last. */
async function writeHistory(
  project: Project,
  durations: Readonly<Record<string, number | undefined>>,
  failed: readonly string[] = [],
): Promise<void> {
  const list = await runChaos(project, ['list', '--json']);
  const { tests } = JSON.parse(list.stdout()) as { tests: readonly { id: string; title: string }[] };
  mkdirSync(project.file('chaos-results'), { recursive: true });
  writeFileSync(
    project.file('chaos-results/.history.json'),
    JSON.stringify({
      tests: Object.fromEntries(
        tests.map(({ id, title }) => [id, { durationMs: durations[title], failed: failed.includes(title) }]),
      ),
    }),
  );
}

test('what failed last time comes first, then the longest; with one worker the rest stays as it is written', async () => {
  const project = createProject(FILES);
  expect(await marksOf(project, ['--workers', '1'])).toBe('a b c d e f');
  expect(await marksOf(project, ['--workers', '1'], { FAILS: 'e' })).toBe('a b c d e f');
  expect(await marksOf(project, ['--workers', '1'], { FAILS: 'e' })).toBe('e a b c d f');
  // Durations are written to a file and not measured, because a busy machine may delay any test.
  await writeHistory(project, { a: 10, b: 120, c: 11, d: 250, e: 12, f: 13 }, ['e']);
  // Two tests start at once: the failed one and the longest, in any order; the second longest comes next.
  const parallel = (await marksOf(project, ['--workers', '2'], { MEET: '1' })).split(' ');
  expect(new Set(parallel.slice(0, 2))).toEqual(new Set(['e', 'd']));
  expect(parallel[2]).toBe('b');
});

describe('--shuffle', () => {
  const SOURCE = `${HEAD}
    for (let n = 0; n < 8; n++) test('t' + n, () => mark('t' + n));
    test.describe('group', () => { for (let n = 0; n < 4; n++) test('g' + n, () => mark('g' + n)); });
    test.describe.serial('serial', () => { for (let n = 0; n < 4; n++) test('s' + n, () => mark('s' + n)); });
  `;

  test('mixes files and tests, by a seed that repeats it; groups keep together, serial ones in order', async () => {
    const project = createProject({ ...FILES, 'x.chaos.ts': SOURCE });
    const plain = await marksOf(project, ['--workers', '1']);
    const one = await marksOf(project, ['--workers', '1', '--shuffle=one']);
    expect(one).not.toBe(plain);
    expect(one.split(' ').toSorted()).toEqual(plain.split(' ').toSorted());
    expect(await marksOf(project, ['--workers', '1', '--shuffle=one'])).toBe(one);
    const other = await marksOf(project, ['--workers', '1', '--shuffle', '--seed', 'two']);
    expect(other).not.toBe(one);
    expect(await marksOf(project, ['--workers', '1', '--shuffle=two'])).toBe(other);
    for (const order of [one, other]) {
      expect(order).toContain('s0 s1 s2 s3');
      expect(order).toMatch(/(?:g\d ?){4}/);
      expect(order).not.toContain('t0 t1 t2 t3 t4 t5 t6 t7');
    }
  });
});

describe('shards', () => {
  const shardsOf = async (project: Project, total: number): Promise<readonly (readonly string[])[]> => {
    const lists = Array.from({ length: total }, async (_, index) => {
      const run = await runChaos(project, ['list', '--json', '--shard', `${index + 1}/${total}`]);
      return (JSON.parse(run.stdout()) as { tests: readonly { title: string }[] }).tests.map(({ title }) => title);
    });
    return Promise.all(lists);
  };
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`f${index}.chaos.ts`, `${HEAD}test('f${index}', () => {});`]),
  );

  test('without a history a new file or test moves no other', async () => {
    const before = await shardsOf(createProject(many), 3);
    expect(before.flat().toSorted()).toEqual(
      Object.keys(many)
        .map((name) => name.replace('.chaos.ts', ''))
        .toSorted(),
    );
    const grown = createProject({
      ...many,
      'aaa.chaos.ts': `${HEAD}test('new', () => {});`,
      'f3.chaos.ts': `${HEAD}test('even newer', () => {});\ntest('f3', () => {});`,
    });
    const after = await shardsOf(grown, 3);
    for (const [index, shard] of before.entries()) expect(after[index]).toEqual(expect.arrayContaining([...shard]));
  });

  test('with a history they take about as long, and lose nothing', async () => {
    const project = createProject(many);
    const tests = (await shardsOf(project, 1)).flat();
    const durations = new Map(tests.map((title, index) => [title, 100 * 2 ** index]));
    await writeHistory(project, Object.fromEntries(durations));
    const shards = await shardsOf(project, 2);
    expect(shards.flat().toSorted()).toEqual([...tests].toSorted());
    const loads = shards.map((titles) => titles.reduce((sum, title) => sum + (durations.get(title) ?? 0), 0));
    // Powers of two: the longest alone weighs as much as all others together.
    expect(Math.abs((loads[0] as number) - (loads[1] as number))).toBe(100);
  });

  test('a merge tells of shards that were cut by different histories', async () => {
    const project = createProject(many);
    await runChaos(project, ['run', '--shard', '1/2', '--reporter', 'blob']);
    // A run of everything leaves a history of everything.
    await runChaos(project, ['run', '--reporter', 'line']);
    await runChaos(project, ['run', '--shard', '2/2', '--reporter', 'blob']);
    const merged = await runChaos(project, ['merge-reports', '--reporter', 'list']);
    expect(merged.code).toBe(1);
    expect(merged.output).toMatch(
      /The 2 shards were cut by different histories: tests may have run twice, or not at all/,
    );
    for (const shard of ['1/2', '2/2'])
      await runChaos(project, ['run', '--shard', shard, '--reporter', 'blob', '--output', `out-${shard[0]}`], {
        env: { CHAOS_BLOB_OUTPUT_DIR: project.file('fresh') },
      });
    const same = await runChaos(project, ['merge-reports', 'fresh', '--reporter', 'list']);
    expect(same.code, same.output).toBe(0);
  });
});
