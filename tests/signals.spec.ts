import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { brokenProject } from './support/broken-project.ts';
import { eventually } from './support/eventually.ts';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { BIN, startChaos, type ChaosProcess } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// A run that is ended from outside still heals its faults, writes its report and leaves nothing behind.

const WRAPPED: Readonly<Record<string, [string, ...string[]]>> = {
  sh: ['sh', '-c', `"${process.execPath}" "${BIN}" run; exit $?`],
  npx: ['npx', '-y', 'pnpm@10', '-s', 'chaos'],
};

async function untilBroken(command?: [string, ...string[]]): Promise<ChaosProcess> {
  const run = startChaos(brokenProject(), ['run'], { env: { HOLD: '1' }, ...(command && { command }) });
  await run.marked('broken');
  run.footprint.look();
  return run;
}

function expectReported(run: ChaosProcess): void {
  const tests = testsByTitle(run.report());
  const [result] = tests.get('breaks everything')?.results ?? [];
  expect(result?.status, run.stdout()).toBe('interrupted');
  expect(result?.chaos.faults).toHaveLength(4);
  for (const fault of result?.chaos.faults ?? []) expect(fault, 'healed').toHaveProperty('endMs');
  expect(tests.get('goes on')?.status).toBe('skipped');
  expect(run.report().chaos.status).toBe('interrupted');
}

test.each<[NodeJS.Signals, number]>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
])('%s heals, reports and ends with %i', async (signal, code) => {
  const run = await untilBroken();
  run.kill(signal);
  expect((await run.exited).code, run.stdout() + run.stderr()).toBe(code);
  await untilNothingIsLeft(run.footprint);
  expectReported(run);
});

// sh dies silently; npm and pnpm forward the signal, or die: in all cases the run ends in order.
test.each(Object.entries(WRAPPED))('SIGTERM to %s alone ends the run in order', async (_, command) => {
  const run = await untilBroken(command);
  run.kill('SIGTERM');
  await run.exited;
  await eventually(
    () => run.footprint.look().length === 0,
    () => run.footprint.left().join('\n'),
  );
  await untilNothingIsLeft(run.footprint);
  expectReported(run);
});

test('SIGINT to the whole group, as a terminal sends it, ends a wrapped run in order', async () => {
  const run = await untilBroken(WRAPPED['npx']);
  process.kill(-run.pid, 'SIGINT');
  await run.exited;
  await eventually(
    () => run.footprint.look().length === 0,
    () => run.footprint.left().join('\n'),
  );
  await untilNothingIsLeft(run.footprint);
  expectReported(run);
});

test('SIGINT while a slot starts ends it with 130', async () => {
  const run = startChaos(brokenProject(), ['run']);
  await eventually(
    () => run.footprint.find(/postgres/),
    () => 'No PostgreSQL',
  );
  run.kill('SIGINT');
  expect((await run.exited).code, run.stdout() + run.stderr()).toBe(130);
  await untilNothingIsLeft(run.footprint);
  expect(run.report().stats).toMatchObject({ skipped: 2, unexpected: 0 });
});

test('a second SIGINT does not wait for a teardown that hangs', async () => {
  const project = createProject({
    'hanging.chaos.ts': `
      import { test } from '@chaos/test';
      import { appendFileSync } from 'node:fs';
      test.afterEach(async () => {
        appendFileSync(process.env.MARKS, 'teardown\\n');
        await new Promise(() => setInterval(() => {}, 1000));
      });
      test('hangs', async ({ jwks }, info) => {
        appendFileSync(process.env.MARKS, 'body\\n');
        await new Promise((_, reject) => info.signal.addEventListener('abort', () => reject(info.signal.reason)));
      });
    `,
  });
  const run = startChaos(project, ['run']);
  await run.marked('body');
  run.kill('SIGINT');
  await run.marked('teardown');
  // Within half a second it would count as the same Ctrl-C, forwarded by a wrapper.
  await delay(600);
  run.footprint.look();
  run.kill('SIGINT');
  expect((await run.exited).code, run.stdout() + run.stderr()).toBe(130);
  await untilNothingIsLeft(run.footprint);
});
