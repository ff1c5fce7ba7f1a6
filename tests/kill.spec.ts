import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@chaos/stats';
import { describe, expect, test } from 'vitest';
import { brokenProject } from './support/broken-project.ts';
import { eventually } from './support/eventually.ts';
import type { ProcessSeen } from './support/processes.ts';
import type { Project } from './support/project.ts';
import { BIN, startChaos, type ChaosProcess, type StartOptions } from './support/start-chaos.ts';
import { testsByTitle } from './support/json-report.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// `kill -9` of any part of a run, at moments drawn from a seed.
const SEED = 'kill -9';

type Moment = 'while the slot starts' | 'with every fault in force' | 'during teardown';
const MOMENTS: readonly Moment[] = ['while the slot starts', 'with every fault in force', 'during teardown'];

async function startUntil(
  moment: Moment,
  project: Project,
  options: StartOptions = {},
  tries = 0,
): Promise<ChaosProcess> {
  const env: Record<string, string> = { ...options.env, ...(moment === 'with every fault in force' && { HOLD: '1' }) };
  const run = startChaos(project, ['run', '--retries', '1'], { ...options, env });
  if (moment === 'with every fault in force') await run.marked('broken');
  else if (moment === 'during teardown') await run.marked('went on');
  else
    await eventually(
      () => readdirSync(project.tmp).some((name) => existsSync(`${project.tmp}/${name}/slot-0/postgres`)),
      () => `No slot started\n${run.stdout()}`,
    );
  const latestMs = Math.round((moment === 'while the slot starts' ? 600 : 120) / (tries + 1));
  await delay(createRandom(SEED, expect.getState().currentTestName ?? '', String(tries)).integer(0, latestMs));
  run.footprint.look();
  return run;
}

// On a fast machine a teardown may end before we look: then start another run and look sooner.
async function startWithVictim(
  moment: Moment,
  part: RegExp,
): Promise<{ readonly run: ChaosProcess; readonly victim: ProcessSeen }> {
  for (let tries = 0; tries < 8; tries++) {
    const run = await startUntil(moment, brokenProject(), {}, tries);
    const victim = run.footprint.find(part);
    if (victim) return { run, victim };
    await run.exited;
  }
  throw new Error(`Cannot catch ${part} ${moment}`);
}

describe('of the command leaves nothing', () => {
  test.each(MOMENTS)('%s', async (moment) => {
    const run = await startUntil(moment, brokenProject());
    run.kill('SIGKILL');
    await run.exited;
    await untilNothingIsLeft(run.footprint);
  });
});

describe('of what stands above the command leaves nothing', () => {
  test.each<[string, Moment, [string, ...string[]]]>([
    ['sh', 'with every fault in force', ['sh', '-c', `"${process.execPath}" "${BIN}" run; exit $?`]],
    ['sh', 'while the slot starts', ['sh', '-c', `"${process.execPath}" "${BIN}" run; exit $?`]],
    ['npx', 'with every fault in force', ['npx', '-y', 'pnpm@10', '-s', 'chaos']],
  ])('%s, %s', async (_, moment, command) => {
    const run = await startUntil(moment, brokenProject(), { command });
    run.kill('SIGKILL');
    await run.exited;
    await untilNothingIsLeft(run.footprint);
  });

  test('pnpm below npx, with every fault in force', async () => {
    const run = await startUntil('with every fault in force', brokenProject(), {
      command: ['npx', '-y', 'pnpm@10', '-s', 'chaos'],
    });
    const pnpm = run.footprint
      .look()
      .find(({ command, pid }) => pid !== run.pid && /pnpm/.test(command) && !/npm exec|^sh /.test(command));
    expect(pnpm).toBeDefined();
    process.kill(pnpm!.pid, 'SIGKILL');
    await run.exited;
    await untilNothingIsLeft(run.footprint);
  });
});

describe('of a part of the run is survived', () => {
  test.each<[string, RegExp, Moment]>([
    ['slot', /slot\/main/, 'while the slot starts'],
    ['slot', /slot\/main/, 'with every fault in force'],
    ['slot', /slot\/main/, 'during teardown'],
    ['worker', /worker\/main/, 'while the slot starts'],
    ['worker', /worker\/main/, 'with every fault in force'],
    ['watcher', /^chaos-watcher/, 'with every fault in force'],
  ])('%s, %s, %s', async (name, part, moment) => {
    const { run, victim } = await startWithVictim(moment, part);
    process.kill(victim.pid, 'SIGKILL');
    // The watcher is started again, and the run continues as if nothing had happened.
    if (name === 'watcher') {
      await eventually(
        () => run.footprint.look().some(({ command, pid }) => part.test(command) && pid !== victim.pid),
        () => 'No second watcher',
      );
      run.kill('SIGKILL');
      await run.exited;
      await untilNothingIsLeft(run.footprint);
      return;
    }
    const { code } = await run.exited;
    await untilNothingIsLeft(run.footprint);
    const tests = testsByTitle(run.report());
    if (moment === 'with every fault in force') {
      const broken = tests.get('breaks everything');
      expect(broken?.status, run.stdout()).toBe('flaky');
      expect(broken?.results.map(({ status }) => status)).toEqual(['failed', 'passed']);
      expect(broken?.results[0]?.errors[0]?.message).toMatch(
        new RegExp(`${name} process exited unexpectedly \\(code=null, signal=SIGKILL\\)`),
      );
    } else expect(tests.get('breaks everything')?.status).toBe('expected');
    // If it was killed near its end, it may have to be started again, too.
    expect(moment === 'during teardown' ? ['expected', 'flaky'] : ['expected'], run.stdout()).toContain(
      tests.get('goes on')?.status,
    );
    expect(code).toBe(0);
  });
});

test('when the watcher died with the command, chaos heal removes what is left', async () => {
  const project = brokenProject();
  const run = await startUntil('with every fault in force', project);
  // Stopped, the command cannot start another watcher, and the slot cannot take its servers down when the command is
  // gone.
  run.kill('SIGSTOP');
  process.kill(run.footprint.find(/slot\/main/)!.pid, 'SIGSTOP');
  const watcher = run.footprint.find(/^chaos-watcher/);
  expect(watcher).toBeDefined();
  process.kill(watcher!.pid, 'SIGKILL');
  await eventually(
    () => !run.footprint.find(/^chaos-watcher/),
    () => 'The watcher lives',
  );
  run.kill('SIGKILL');
  await run.exited;
  // The servers that the faults have stopped are still there, with their data: what the other specs look for can be
  // seen.
  const left = run.footprint.left().join('\n');
  for (const what of [
    /process \d+ .*postgres/,
    /process \d+ .*redis/,
    /listening socket/,
    /shared memory/,
    /port lock/,
    /chaos-[0-9a-f]{10}-/,
  ])
    expect(left).toMatch(what);
  const heal = startChaos(project, ['heal']);
  expect((await heal.exited).code, heal.stderr()).toBe(0);
  expect(heal.stdout()).toMatch(/processes ended, \d+ changes undone, 0 failed/);
  await untilNothingIsLeft(run.footprint);
});
