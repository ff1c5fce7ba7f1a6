import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';

// A program that embeds the runner, as an interface or an orchestrator does: it imports the built package, and owns its
// process itself.

const HEAD = `
import { createRunner } from '@chaos/runner/run';
import { readLayers, resolveLayers } from '@chaos/config';

const machine = { hardware: { usableCpus: 2, usableMemoryBytes: 4 * 2 ** 30 }, services: [] };
const layers = await readLayers({ cwd: process.cwd(), env: {}, overrides: { workers: 2 }, ci: false });
const config = await resolveLayers(layers, machine);
const titles = [];
const listening = new Set();
let onStart = () => {};
const reporter = {
  onEvent(event) {
    for (const name of process.eventNames()) listening.add(name);
    if (event.type === 'test-start') onStart(event);
    if (event.type === 'test-end') titles.push(event.attempt.testId + ' ' + event.attempt.status);
  },
  async end() {},
};
const before = new Set(process.eventNames());
const runner = createRunner({ config, reporters: [reporter] });
const tell = (value) => console.log(JSON.stringify(value, (_, one) => (one instanceof Set ? [...one] : one)));
`;

const FIVE = ['one', 'two', 'three', 'four', 'five'];

const FILES = {
  'numbers.chaos.ts': `import { test } from '@chaos/runner';\n${FIVE.map((title) => `test('${title}', () => {});`).join('\n')}`,
};

interface Embedded {
  readonly told: readonly Record<string, never>[];
  readonly stderr: string;
  readonly code: number | null;
  /** From the last line that it printed to its end. */
  readonly lingeredMs: number;
}

async function embed(project: Project): Promise<Embedded> {
  const child = spawn(process.execPath, ['embed.mjs'], {
    cwd: project.path,
    env: { PATH: process.env['PATH'], TMPDIR: project.tmp, HOME: project.tmp },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let lastMs = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    lastMs = performance.now();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = once(child, 'exit').then(([code]) => ({ code: code as number | null, endMs: performance.now() }));
  await once(child, 'close');
  const { code, endMs } = await exit;
  const told = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, never>);
  return { told, stderr, code, lingeredMs: endMs - lastMs };
}

const project = (script: string, files: Readonly<Record<string, string>> = FILES): Project =>
  createProject({ ...files, 'embed.mjs': HEAD + script });

test('runs as often as it is asked, takes nothing of its process, and lets it end', async () => {
  const { told, stderr, code, lingeredMs } = await embed(
    project(`
      const first = await runner.run();
      const count = titles.length;
      const second = await runner.run();
      tell({ first, second, count, titles: titles.length, added: [...listening].filter((name) => !before.has(name)) });
    `),
  );
  const passed = { status: 'passed', exitCode: 0, errors: [] };
  expect(told).toEqual([{ first: passed, second: passed, count: 5, titles: 10, added: [] }]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(lingeredMs).toBeLessThan(1000);
});

test('runs two of five again, and those that match a filter', async () => {
  const { told, code } = await embed(
    project(`
      const { tests, errors } = await runner.list();
      const ids = new Set(tests.filter(({ titlePath }) => ['two', 'four'].includes(titlePath.at(-1))).map(({ id }) => id));
      const some = await runner.run({ ids });
      const byId = titles.splice(0).length;
      await runner.run({ grep: /one|five|three/ });
      const byTitle = titles.splice(0).length;
      const none = await runner.run({ filters: ['nowhere'] });
      await runner.run();
      tell({ found: tests.length, errors, status: some.status, byId, byTitle, none, all: titles.length });
    `),
  );
  expect(code).toBe(0);
  expect(told).toEqual([
    {
      found: 5,
      errors: [],
      status: 'passed',
      byId: 2,
      byTitle: 3,
      none: {
        status: 'failed',
        exitCode: 1,
        errors: [{ message: expect.stringMatching(/^No tests found for "nowhere"/) as unknown }],
      },
      all: 5,
    },
  ]);
});

test('is stopped in the middle of a test: the fixture is torn down, and the process ends at once', async () => {
  const slow = `
    import { test as base } from '@chaos/runner';
    import { appendFileSync } from 'node:fs';
    const test = base.extend({ thing: async ({}, use) => { await use(1); appendFileSync('marks', 'torn down\\n'); } });
    for (const title of ['first', 'second', 'third', 'fourth'])
      test(title, async ({ thing }) => { await new Promise((resolve) => setTimeout(resolve, 60_000)); });
  `;
  const { told, stderr, code, lingeredMs } = await embed(
    project(
      `
      import { readFileSync } from 'node:fs';
      let stopping;
      onStart = () => (stopping ??= runner.stop('the user').then(() => runner.isRunning));
      const started = performance.now();
      const result = await runner.run();
      const tookMs = performance.now() - started;
      const isRunning = await stopping;
      const again = await runner.run({ grep: /nothing like this/, passWithNoTests: true });
      tell({ result, isRunning, marks: readFileSync('marks', 'utf8'), tookMs, again: again.status });
    `,
      { 'slow.chaos.ts': slow },
    ),
  );
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(told).toEqual([
    {
      result: { status: 'interrupted', exitCode: 130, errors: expect.any(Array) as unknown },
      isRunning: false,
      marks: expect.stringMatching(/^(torn down\n)+$/) as unknown,
      tookMs: expect.any(Number) as unknown,
      again: 'passed',
    },
  ]);
  expect((told[0] as unknown as { tookMs: number }).tookMs).toBeLessThan(10_000);
  expect(lingeredMs).toBeLessThan(1000);
});

test('gets errors of files, of reporters and of misuse as data, and goes on', async () => {
  const { told, stderr, code } = await embed(
    project(
      `
      const { tests, errors } = await runner.list();
      const failed = await runner.run();
      const unknown = await runner.run({ projects: ['no such'] }).catch((error) => error.code);
      const first = runner.run({ filters: ['numbers'] });
      const twice = await runner.run().catch((error) => error.message);
      const fine = await first;
      const dropped = [];
      const broken = await runner.run({
        filters: ['numbers'],
        reporters: [{ onEvent() { throw new Error('broken reporter'); } }],
        onReporterError: (error) => dropped.push(error.message),
      });
      tell({ tests: tests.length, errors, failed, unknown, twice, fine: fine.status, broken, dropped });
    `,
      { ...FILES, 'wrong.chaos.ts': `import { test } from '@chaos/runner';\n\ntest('half', () => {` },
    ),
  );
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const wrong = expect.objectContaining({
    location: expect.objectContaining({ file: expect.stringMatching(/wrong\.chaos\.ts$/) as unknown }) as unknown,
  }) as unknown;
  expect(told).toEqual([
    {
      tests: 5,
      errors: [wrong],
      failed: { status: 'failed', exitCode: 1, errors: [wrong] },
      unknown: 'USAGE',
      twice: expect.stringContaining('another run of this runner is under way') as unknown,
      fine: 'passed',
      broken: {
        status: 'failed',
        exitCode: 1,
        errors: [expect.objectContaining({ message: expect.stringContaining('broken reporter') as unknown })],
      },
      dropped: ['broken reporter'],
    },
  ]);
});

test('runs with another configuration, out of layers that have travelled', async () => {
  const { told, code } = await embed(
    project(`
      const travelled = JSON.parse(JSON.stringify(layers));
      const thrice = await resolveLayers(travelled, { ...machine, overrides: { repeatEach: 3 } });
      const { status } = await runner.run({ config: thrice });
      const repeated = titles.splice(0).length;
      await runner.run();
      tell({ status, repeated, once: titles.length });
    `),
  );
  expect(code).toBe(0);
  expect(told).toEqual([{ status: 'passed', repeated: 15, once: 5 }]);
});
