import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { BIN, startChaos } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// If any part hangs, the run names the part that does not answer, and ends.

const UID = 61_234;
const canLimit =
  process.getuid?.() === 0 && ['setpriv', 'prlimit'].every((name) => spawnSync(name, ['--version']).status === 0);

// Root is not limited. The process limits itself, so only later operations can fail.
const SET_UP = `
  import { execFileSync } from 'node:child_process';
  export default () => {
    execFileSync('prlimit', ['--pid=' + process.pid, '--nproc=1']);
    if (process.env.NEW_WORKER) process.env.CHANGED = 'so the worker that is up is not used';
  };
`;

test.runIf(canLimit).each(['slot', 'worker'])(
  'a %s that the system gives no process is named, with exit 3',
  async (who) => {
    const project = createProject({
      'chaos.yaml': 'runner: { global_setup: ./set-up.ts }',
      'set-up.ts': SET_UP,
      'a.chaos.ts': `import { test } from '@chaos/test'; test('needs a slot', async ({ jwks }) => {});`,
    });
    chmodSync(project.path, 0o1777);
    chmodSync(project.tmp, 0o1777);
    const run = startChaos(project, [], {
      command: ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', process.execPath, BIN, 'run'],
      env: { HOME: project.tmp, ...(who === 'worker' && { NEW_WORKER: '1' }) },
    });
    const { code } = await run.exited;
    const said = run.stdout() + run.stderr();
    expect(said).toMatch(new RegExp(`Cannot start a ${who} process: .*EAGAIN`));
    expect(said).toContain('ulimit -u');
    expect(code, said).toBe(3);
    await untilNothingIsLeft(run.footprint);
  },
);

const MARK = `
  import { appendFileSync } from 'node:fs';
  const mark = (line) => appendFileSync(process.env.MARKS, line + '\\n');
`;
const FOR_EVER = 'await new Promise(() => setInterval(() => {}, 1000));';

// A slot fixture of the user's, with a method of its own.
const slot = (method: string): string => `${MARK}
  export const service = () => ({
    needs: [], up() {}, snapshot() {}, reset() {}, check() {}, address: () => ({}), call() {}, down() {}, ${method}
  });`;
const WITH_SLOT = `
  import { test } from '@chaos/test';
  const it = test.extend({ service: [{ module: new URL('./slot.ts', import.meta.url).href, export: 'service', name: 'service' }, { scope: 'slot' }] });
`;

// Each marks "hangs" at the place where it hangs.
const HANGING: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, told: RegExp]>> = {
  'a test that loops': [
    { 'a.chaos.ts': `${MARK} import { test } from '@chaos/test'; test('a', () => { mark('hangs'); for (;;); });` },
    /interrupted/,
  ],
  'a hook that never ends': [
    {
      'a.chaos.ts': `${MARK} import { test } from '@chaos/test';
        test.afterEach(async () => { ${FOR_EVER} });
        test('a', async () => { mark('hangs'); ${FOR_EVER} });`,
    },
    /What was interrupted did not come to an end within \d+ ms after SIGTERM/,
  ],
  'a global setup that never ends': [
    {
      'chaos.yaml': 'runner: { global_setup: ./up.ts }',
      'up.ts': `${MARK} export default async () => { mark('hangs'); ${FOR_EVER} };`,
    },
    /ended by SIGTERM/,
  ],
  'a global teardown that never ends': [
    {
      'chaos.yaml': 'runner: { global_teardown: ./down.ts }',
      'down.ts': `${MARK} export default async () => { mark('hangs'); ${FOR_EVER} };`,
    },
    /The global teardown \S+down\.ts did not come to an end/,
  ],
  'a slot that loops as it comes up': [
    {
      'slot.ts': slot(`up() { mark('hangs'); for (;;); }`),
      'a.chaos.ts': `${WITH_SLOT} it('a', async ({ service }) => {});`,
    },
    /did not turn for 2000 ms: a loop that never ends at \S+slot\.ts:\d+:/,
  ],
  'a slot that loops as it goes down': [
    {
      'slot.ts': slot('down() { for (;;); }'),
      'a.chaos.ts': `${MARK}${WITH_SLOT} it('a', async ({ service }) => { mark('hangs'); ${FOR_EVER} });`,
    },
    /interrupted/,
  ],
  'a slot that loops in a call': [
    {
      'slot.ts': slot(`call() { mark('hangs'); for (;;); }`),
      'a.chaos.ts': `${WITH_SLOT} it('a', async ({ service }) => { await service.call('x'); });`,
    },
    /interrupted/,
  ],
  'a target that does not heed SIGTERM': [
    {
      'chaos.yaml': "target: { command: [node, target.mjs], env: { PORT: '{port}' } }",
      'target.mjs': `import { createServer } from 'node:http';
        process.on('SIGTERM', () => {});
        createServer((_, response) => response.end('here')).listen(process.env.PORT, '127.0.0.1');`,
      'a.chaos.ts': `${MARK} import { test } from '@chaos/test';
        test('a', async ({ target }) => { mark('hangs'); ${FOR_EVER} });`,
    },
    /interrupted/,
  ],
  'a reporter that never ends': [
    {
      'chaos.yaml': 'runner: { reporters: [./reporter.ts] }',
      'reporter.ts': `${MARK} export default class Mine { onEvent() {} async end() { mark('hangs'); ${FOR_EVER} } }`,
    },
    /reporter 1 \(Mine\) did not come to its end/,
  ],
};

test.each(Object.entries(HANGING))('SIGTERM ends %s, says so and reports', async (what, [files, told]) => {
  const project = createProject({
    'chaos.yaml': '{}',
    'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});`,
    ...files,
  });
  const run = startChaos(project, ['run']);
  await run.marked('hangs');
  run.footprint.look();
  run.kill('SIGTERM');
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(said).toMatch(told);
  expect(code, said).toBe(143);
  // The verdict was ready before the reporters were ended.
  expect(run.report().chaos.status).toBe(what === 'a reporter that never ends' ? 'passed' : 'interrupted');
  await untilNothingIsLeft(run.footprint);
});

test('after Ctrl-C in a global setup the teardown runs, and what it throws is told', async () => {
  const project = createProject({
    'chaos.yaml': 'runner: { global_setup: ./up.ts, global_teardown: ./down.ts }',
    'up.ts': `${MARK} export default async () => { mark('hangs'); ${FOR_EVER} };`,
    'down.ts': `${MARK} export default async (): Promise<void> => { mark('torn down'); throw new Error('no way down'); };`,
    'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});`,
  });
  const run = startChaos(project, ['run']);
  await run.marked('hangs');
  run.kill('SIGINT');
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(run.marks(), said).toEqual(['hangs', 'torn down']);
  expect(said).toContain('no way down');
  expect(code, said).toBe(130);
});

// A process that was stopped (SIGSTOP, a frozen container) answers nothing, and hears no signal but SIGKILL.
test.each([
  ['worker', /worker\/main/],
  ['slot', /slot\/main/],
  ['watcher', /^chaos-watcher/],
])('SIGTERM ends a run whose %s is stopped, within ten seconds, and reports', async (_, part) => {
  const project = createProject({
    'chaos.yaml': '{}',
    'slot.ts': slot(''),
    'a.chaos.ts': `${MARK}${WITH_SLOT} it('a', async ({ service }) => { mark('hangs'); ${FOR_EVER} });`,
  });
  const run = startChaos(project, ['run', '--workers', '1']);
  await run.marked('hangs');
  run.footprint.look();
  const stopped = run.footprint.find(part);
  expect(stopped).toBeDefined();
  process.kill(stopped?.pid as number, 'SIGSTOP');
  const startMs = performance.now();
  run.kill('SIGTERM');
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(code, said).toBe(143);
  expect(performance.now() - startMs).toBeLessThan(10_000);
  expect(run.report().chaos.status, said).toBe('interrupted');
  await untilNothingIsLeft(run.footprint);
});
