import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { eventually } from './support/eventually.ts';
import { HEAD } from './support/run-tests.ts';
import { startChaos, type ChaosProcess } from './support/start-chaos.ts';
import { openTerminal } from './support/terminal.ts';

const says = async (run: ChaosProcess, pattern: RegExp): Promise<string> => {
  await eventually(
    () => pattern.test(run.stdout()),
    () => `Nothing like ${pattern} was said:\n${run.stdout()}${run.stderr()}`,
  );
  return run.stdout();
};

test('SIGUSR1 tells what is running and where it hangs, and starts no debugger anywhere', async () => {
  const project = createProject({
    'a.chaos.ts': `
      ${HEAD}
      test('hangs', { id: 'H01' }, async () => {
        await test.step('outer', () => test.step('inner', async () => {
          mark('hangs');
          await expect.poll(() => 1, { timeout: 0 }).toBe(2);
        }));
      });
    `,
    'b.chaos.ts': `${HEAD}test('loops', () => { mark('loops'); for (;;); });`,
    'c.chaos.ts': `${HEAD}import { execSync } from 'node:child_process';\ntest('waits for a process', () => { mark('waits'); execSync('sleep 60'); });`,
    'd.chaos.ts': `${HEAD}test.describe('group', () => { test.beforeEach(async () => { mark('hook'); await delay(60_000); }); test('in a hook', () => {}); });`,
  });
  const run = startChaos(project, ['run', '--workers', '4', '--timeout', '50000']);
  for (const mark of ['hangs', 'loops', 'waits', 'hook']) await run.marked(mark);
  run.kill('SIGUSR1');
  const told = await says(
    run,
    /Running: 4 of 4 workers are busy, 0 of 4 tests are done[\s\S]*blocked[\s\S]*blocked[\s\S]*for \d/,
  );
  expect(told).toMatch(
    /slot \d, worker \d \(pid \d+\) {2}H01 › hangs {2}a\.chaos\.ts:8:7 {2}\d+\.\ds of 50\.0s\n {4}body for \d+\.\ds\n {4}step "outer" for \d+\.\ds\n {4}step "inner" for \d+\.\ds\n {4}waits for expect\.poll\.toBe \(so far Expected: 2, Received: 1\) for \d+\.\ds {2}a\.chaos\.ts:11:\d+\n/,
  );
  expect(told).toMatch(/ {2}loops {2}b\.chaos\.ts:6:1 .*\n {4}blocked: its event loop does not turn; it is computing/);
  expect(told).toMatch(
    / {2}waits for a process {2}c\.chaos\.ts:.*\n {4}blocked: its event loop does not turn; it waits for process \d+/,
  );
  expect(told).toMatch(
    / {2}group › in a hook .*\n {4}beforeEach for \d+\.\ds  d\.chaos\.ts:\d+:\d+\n {4}open: \d+ Timeout/,
  );
  expect(run.stderr() + run.stdout()).not.toMatch(/Debugger listening/);
  run.kill('SIGINT');
  expect((await run.exited).code).toBe(130);
});

test('with a reporter that prints nothing it is told on standard error, and faults and calls into the slot are named', async () => {
  const source = `
    ${HEAD}
    test('breaks', async ({ inject }) => {
      const fault = { name: 'a slow fault', inject: async () => { mark('injecting'); await delay(60_000); } };
      await inject(fault);
    });
  `;
  const run = startChaos(createProject({ 'a.chaos.ts': source }), ['run', '--reporter', 'null', '--timeout', '50000']);
  await run.marked('injecting');
  // A signal to the group reaches its workers, too.
  process.kill(-run.pid, 'SIGUSR1');
  await eventually(
    () => /waits for a slow fault to be in force for \d+\.\ds {2}a\.chaos\.ts:10:\d+/.test(run.stderr()),
    () => `Nothing was told:\n${run.stderr()}`,
  );
  expect(run.stderr()).not.toMatch(/Debugger listening/);
  run.kill('SIGINT');
  expect((await run.exited).code).toBe(130);
});

test('`t` asks, Ctrl-C ends, and the terminal is left as it was', async () => {
  const project = createProject({ 'a.chaos.ts': `${HEAD}test('hangs', () => delay(60_000));` });
  const terminal = openTerminal(project, ['run', '--timeout', '50000'], 'stty -a');
  await terminal.drawn(/slot 0 +\d.*hangs/);
  terminal.type('xt');
  await terminal.drawn(/Running: 1 of 1 workers are busy/);
  terminal.type('\u0003');
  expect(await terminal.exited, terminal.screen()).toBe(130);
  expect(terminal.screen()).toMatch(/1 interrupted/);
  expect(terminal.screen()).toMatch(/[^-]icanon/);
  expect(terminal.screen()).toMatch(/[^-]echo /);
});

test('from the second run on it is known how long the rest will take', async () => {
  const project = createProject({
    'a.chaos.ts': `${HEAD}for (let n = 0; n < 4; n++) test('t' + n, () => delay(400));`,
  });
  const first = openTerminal(project, ['run', '--workers', '1']);
  expect(await first.exited, first.screen()).toBe(0);
  expect(first.screen()).not.toMatch(/≈/);
  const second = openTerminal(project, ['run', '--workers', '1']);
  expect(await second.exited, second.screen()).toBe(0);
  expect(second.screen()).toMatch(/\[0\/4\] {2}≈ 1\.\ds left/);
});
