import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { testsByTitle } from '../support/json-report.ts';
import { createProject } from '../support/project.ts';
import { HEAD } from '../support/run-tests.ts';
import { runChaos } from '../support/run-chaos.ts';
import { startChaos, type ChaosProcess } from '../support/start-chaos.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// Runs ended by a process that ignores signals, and by code that ends the run's own process. kill.spec.ts kills parts
// of a run; signals.spec.ts covers normal signals.

async function untilBody(body: string, args: readonly string[] = []): Promise<ChaosProcess> {
  const run = startChaos(
    createProject({
      'a.chaos.ts': `${HEAD}test('busy', async () => { mark('body'); ${body} });\ntest('next', () => mark('next'));`,
    }),
    ['run', '--retries', '0', '--workers', '1', '--timeout', '600000', ...args],
  );
  await run.marked('body');
  run.footprint.look();
  return run;
}

describe.each<[string, string]>([
  ['a synchronous loop', 'for (;;);'],
  ['a loop of microtasks', 'for (;;) await null;'],
  ['a body that never settles', 'await new Promise(() => {});'],
])('%s', (_, body) => {
  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('is ended by %s, and reported', async (signal, code) => {
    const run = await untilBody(body);
    run.kill(signal);
    expect((await run.exited).code, run.stdout() + run.stderr()).toBe(code);
    await untilNothingIsLeft(run.footprint);
    const tests = testsByTitle(run.report());
    expect(tests.get('busy')?.results.map(({ status }) => status)).toEqual(['interrupted']);
    expect(tests.get('next')?.status).toBe('skipped');
    expect(run.report().chaos.status).toBe('interrupted');
    expect(run.marks()).toEqual(['body']);
  });

  test('does not outlive the command', async () => {
    const run = await untilBody(body);
    run.kill('SIGKILL');
    await run.exited;
    await untilNothingIsLeft(run.footprint);
  });
});

test('a second SIGINT ends what the first could not', async () => {
  const run = startChaos(
    createProject({
      'a.chaos.ts': `${HEAD}test.afterEach(async () => { mark('teardown'); await new Promise(() => {}); });\ntest('busy', ({}, info) => { mark('body'); return delay(600_000, undefined, { signal: info.signal }); });`,
    }),
    ['run', '--retries', '0', '--timeout', '600000'],
  );
  await run.marked('body');
  run.kill('SIGINT');
  await run.marked('teardown');
  await delay(600);
  run.footprint.look();
  run.kill('SIGINT');
  expect((await run.exited).code, run.stdout() + run.stderr()).toBe(130);
  await untilNothingIsLeft(run.footprint);
});

// User code that runs in the process of the command must not make a run that did not happen look like a pass.
test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    'a configuration that exits',
    { 'chaos.config.mjs': 'process.exit(0);' },
    /process\.exit\(\) was called before the run had ended[^]*chaos\.config\.mjs:1/,
  ],
  [
    'a configuration that throws',
    { 'chaos.config.ts': "throw new Error('boom');" },
    /Cannot load \S+chaos\.config\.ts: boom/,
  ],
  [
    'a configuration that is no configuration',
    { 'chaos.config.ts': 'export default 7;' },
    /Cannot use the default export/,
  ],
  ['a configuration that does not parse', { 'chaos.config.ts': 'export default {{;' }, /chaos\.config\.ts/],
  [
    'a configuration that imports what is not there',
    { 'chaos.config.ts': "import 'nowhere';" },
    /Cannot find module 'nowhere', imported by \S+chaos\.config\.ts/,
  ],
  [
    'a configuration that rejects later',
    { 'chaos.config.mjs': "void Promise.reject(new Error('later'));\nexport default {};" },
    /later/,
  ],
  [
    'a global setup that exits',
    {
      'chaos.config.ts': "export default { globalSetup: './setup.ts' };",
      'setup.ts': 'export default () => process.exit(0);',
    },
    /process\.exit\(\) was called before the run had ended[^]*setup\.ts:1/,
  ],
  [
    'a global setup that throws',
    {
      'chaos.config.ts': "export default { globalSetup: './setup.ts' };",
      'setup.ts': "export default () => { throw new Error('boom'); };",
    },
    /boom/,
  ],
  [
    'a global setup that never settles',
    {
      'chaos.config.ts': "export default { globalSetup: './setup.ts' };",
      'setup.ts': 'export default () => new Promise(() => {});',
    },
    /The global setup \S+setup\.ts never ends: nothing is left that could settle what it waits for/,
  ],
  [
    'a global setup that takes longer than the run may',
    {
      'chaos.config.ts': "export default { globalSetup: './setup.ts', globalTimeout: 1000 };",
      'setup.ts': 'export default () => new Promise((resolve) => setTimeout(resolve, 60_000));',
    },
    /Timed out waiting 1s/,
  ],
  [
    'a global setup that rejects later',
    {
      'chaos.config.ts': "export default { globalSetup: './setup.ts' };",
      'setup.ts': "export default () => { setTimeout(() => { throw new Error('much later'); }, 20); };",
    },
    /much later/,
  ],
  [
    'a global teardown that throws',
    {
      'chaos.config.ts': "export default { globalTeardown: './teardown.ts' };",
      'teardown.ts': "export default () => { throw new Error('the end'); };",
    },
    /the end/,
  ],
  [
    'a reporter that throws',
    {
      'chaos.config.ts': 'export default {};',
      'reporter.ts': "export default class { onTestEnd() { throw new Error('my reporter'); } }",
    },
    /my reporter/,
  ],
  [
    'a reporter that rejects',
    {
      'chaos.config.ts': 'export default {};',
      'reporter.ts': "export default class { async onTestEnd() { throw new Error('my reporter'); } }",
    },
    /my reporter/,
  ],
])('%s fails the run', async (_, files, message) => {
  const reporter = 'reporter.ts' in files ? ['--reporter', './reporter.ts'] : [];
  const run = await runChaos(createProject({ 'a.chaos.ts': `${HEAD}test('waits', () => delay(300));`, ...files }), [
    'run',
    '--retries',
    '0',
    ...reporter,
  ]);
  expect(run.output).toMatch(message);
  expect([1, 2], run.output).toContain(run.code);
  await untilNothingIsLeft(run.footprint);
});

// Its worker died before any test of the order started: tests that did not run must not count as passed.
test('workers that go before they begin fail the run, unless another one lives', async () => {
  const files = {
    'a.chaos.ts': `${HEAD}test('one', () => {});\ntest('two', () => {});`,
    'chaos.config.mjs':
      "import { existsSync, writeFileSync } from 'node:fs';\nif (process.env.TEST_WORKER_INDEX && (process.env.ALWAYS || !existsSync('once'))) { writeFileSync('once', ''); process.exit(0); }\nexport default {};",
  };
  const once = await runChaos(createProject(files), ['run']);
  expect(once.code, once.output).toBe(0);
  expect(once.report().stats).toMatchObject({ expected: 2 });
  const always = await runChaos(createProject(files), ['run'], { env: { ALWAYS: '1' } });
  expect(always.code, always.output).toBe(1);
  expect(always.report().stats).toMatchObject({ expected: 0, skipped: 2 });
  expect(always.report().errors[0]?.message).toMatch(/Cannot run a\.chaos\.ts: worker process exited unexpectedly/);
});
