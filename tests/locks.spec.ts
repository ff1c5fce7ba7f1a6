import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';
import { HEAD } from './support/run-tests.ts';

// Each test writes its start and end to a file; only the order of lines counts, no clock.
const SPAN = `
const span = (name, ms = 30) => async () => { mark('begin ' + name); await delay(ms); mark('end ' + name); };
`;
// Waits until all of these have started, however late a worker starts.
const TOGETHER = `const together = async (...names) => { const { readFileSync } = await import('node:fs'); while (!names.every((name) => readFileSync(process.env.MARKS, 'utf8').includes('begin ' + name + '\\n'))) await delay(5); };`;

async function runFile(source: string, args: readonly string[], config = '{}'): Promise<ChaosResult> {
  return runChaos(
    createProject({
      'chaos.yaml': config,
      'a.chaos.ts': `${HEAD}${SPAN}test.describe.configure({ mode: 'parallel' });\n${source}`,
    }),
    ['run', '--retries', '0', ...args],
  );
}

/** The tests that ran at each moment. */
function momentsOf(run: ChaosResult): readonly (readonly string[])[] {
  const running = new Set<string>();
  return run
    .marks()
    .filter(Boolean)
    .map((line) => {
      const [verb, name = ''] = line.split(' ');
      if (verb === 'begin') running.add(name);
      else running.delete(name);
      return [...running];
    });
}

test('shared locks keep only exclusive ones out', async () => {
  const run = await runFile(
    `${TOGETHER}
    for (const n of [1, 2, 3, 4]) test('read' + n, { lock: { name: 'db', mode: 'shared' } }, async () => { mark('begin read' + n); if (n < 3) await together('read1', 'read2'); mark('end read' + n); });
    for (const n of [1, 2]) test('write' + n, { lock: 'db' }, span('write' + n));
    `,
    ['--workers', '3'],
  );
  expect(run.code, run.output).toBe(0);
  const moments = momentsOf(run);
  expect(moments.some((running) => running.filter((name) => name.startsWith('read')).length > 1)).toBe(true);
  for (const running of moments) if (running.some((name) => name.startsWith('write'))) expect(running).toHaveLength(1);
});

test('weights never add up to more than there is, and what weighs more than that runs by itself', async () => {
  const run = await runFile(
    `${TOGETHER}
    for (let n = 0; n < 6; n++) test('light' + n, { weight: { licence: 1 } }, async () => { mark('begin light' + n); if (n < 2) await together('light0', 'light1'); await delay(60); mark('end light' + n); });
    test('heavy', { weight: { licence: 2 } }, span('heavy'));
    test('giant', { weight: { licence: 9 } }, span('giant'));
    test('free', span('free'));
    `,
    ['--workers', '4'],
    'runner: { capacities: { licence: 2 } }',
  );
  expect(run.code, run.output).toBe(0);
  const weighing = momentsOf(run).map((running) => running.filter((name) => name !== 'free'));
  expect(Math.max(...weighing.map(({ length }) => length))).toBe(2);
  for (const running of weighing)
    if (running.includes('heavy') || running.includes('giant')) expect(running).toHaveLength(1);
  expect(testsByTitle(run.report()).size).toBe(9);
});

test('those who want each other’s locks all come to their turn', async () => {
  // Dining philosophers: each needs two forks, each fork is needed by two; and one who needs the whole table, among
  // others who never stop.
  const run = await runFile(
    `
    for (let n = 0; n < 5; n++) for (let meal = 0; meal < 4; meal++) test('eats' + n + '.' + meal, { lock: ['fork' + n, 'fork' + (n + 1) % 5] }, span(n + '.' + meal, 5));
    test('cleans', { lock: ['fork0', 'fork1', 'fork2', 'fork3', 'fork4'] }, span('cleans', 5));
    for (let n = 0; n < 20; n++) test('looks' + n, { lock: { name: 'fork' + (n % 5), mode: 'shared' } }, span('look' + n, 20));
    `,
    ['--workers', '4', '--global-timeout', '60000'],
  );
  expect(run.code, run.output).toBe(0);
  const moments = momentsOf(run);
  for (const running of moments) {
    if (running.includes('cleans')) expect(running).toEqual(['cleans']);
    const forks = running.flatMap((name) => (/^\d\./.test(name) ? [Number(name[0]), (Number(name[0]) + 1) % 5] : []));
    expect(new Set(forks).size, running.join()).toBe(forks.length);
  }
  // Only tests that ran, or stood before it in the queue, ran before it.
  const begun = run.marks().filter((line) => line.startsWith('begin'));
  expect(begun.slice(begun.indexOf('begin cleans')).filter((line) => line.startsWith('begin look'))).toHaveLength(20);
});

test('a lock on a group is held by each of its tests; what makes no sense is an error with its place', async () => {
  const run = await runFile(
    `
    test.describe('group', { lock: { name: 'x', mode: 'shared' }, weight: { cpu: 0.1 } }, () => {
      test('one', span('one', 40));
      test('two', { lock: 'x' }, span('two', 40));
      test('three', { lock: 'x' }, span('three', 40));
    });
    `,
    ['--workers', '3'],
  );
  expect(run.code, run.output).toBe(0);
  for (const running of momentsOf(run)) expect(running.length).toBeLessThanOrEqual(1);
  const wrong = async (details: string): Promise<string> =>
    (await runFile(`test('x', ${details}, () => {});`, [])).output;
  expect(await wrong('{ weight: { gpu: 1 } }')).toMatch(
    /weight\.gpu of "x": there is no capacity of that name \(known: cpu, memory_gib\); set runner\.capacities\.gpu[\s\S]*a\.chaos\.ts:9:1/,
  );
  expect(await wrong('{ weight: { cpu: 0 } }')).toMatch(/current value is 0, allowed is a number above 0/);
  expect(await wrong("{ lock: { name: 'a', mode: 'half' } }")).toMatch(
    /Cannot lock "a" for "x": current mode is "half", allowed are exclusive, shared/,
  );
});

test('a project has no more workers than its own, whatever the run has; what waits for them keeps nothing from others', async () => {
  const run = await runFile(
    `${TOGETHER}
    for (let n = 0; n < 5; n++) test('t' + n, { lock: n === 4 ? 'db' : [] }, async ({}, { project }) => {
      const name = project.name + n;
      mark('begin ' + name);
      // The last of few has the lock to wait for, but not yet a worker.
      if (['few0', 'few1', 'many4'].includes(name)) await together('few0', 'few1', 'many4');
      await delay(30);
      mark('end ' + name);
    });
    test('sees it', ({}, { project }) => expect(project.workers).toBe(project.name === 'few' ? 2 : undefined));
    `,
    ['--workers', '4'],
    'projects: { few: { workers: 2 }, many: {} }',
  );
  expect(run.code, run.output).toBe(0);
  const moments = momentsOf(run);
  expect(Math.max(...moments.map((running) => running.filter((name) => name.startsWith('few')).length))).toBe(2);
  expect(Math.max(...moments.map(({ length }) => length))).toBeGreaterThan(2);
  expect((run.report() as unknown as { readonly config: unknown }).config).toMatchObject({
    workers: 4,
    projects: [{ name: 'few', chaos: { workers: 2 } }, { name: 'many' }],
  });

  const alone = await runFile(
    "for (let n = 0; n < 3; n++) test('t' + n, span('t' + n));",
    ['--workers', '3'],
    "projects: { one: { workers: '1%' } }",
  );
  expect(Math.max(...momentsOf(alone).map(({ length }) => length)), alone.output).toBe(1);
  const wrong = await runFile('', [], 'projects:\n  one: { workers: many }\n');
  expect(wrong.code).toBe(2);
  expect(wrong.output).toMatch(
    /chaos\.yaml:2:19: Cannot use projects\.one\.workers: current value is "many", allowed is a whole number ≥ 1, or a percentage/,
  );
});
