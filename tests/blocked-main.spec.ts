import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { KEY, startStore } from './support/fleet.ts';
import { createProject, type Project } from './support/project.ts';
import { startChaos, type ChaosProcess } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// User code that blocks the main process: signal handlers and our timers no longer run. The run still ends, says where
// it was blocked, and reports.

const MARK = `
  import { appendFileSync, readFileSync } from 'node:fs';
  import { execSync } from 'node:child_process';
  const mark = () => appendFileSync(process.env.MARKS, 'hangs\\n');
`;
const A_TEST = `import { test } from '@chaos/test'; test('a', async ({ jwks }) => {});`;

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** Message to expect. */
  readonly told: RegExp;
  readonly status: string;
}

const setUp = (code: string, told: RegExp): Case => ({
  files: {
    'chaos.yaml': 'runner: { global_setup: ./up.ts }',
    'up.ts': `${MARK}export default async () => {\n${code}\n};\n`,
  },
  told,
  status: 'interrupted',
});
const AT_LOOP = /was blocked when SIGTERM came, at \S+up\.ts:6:\d+: this code did not return/;
const reporter = (methods: string, status: string, told: RegExp = /reporter\.ts:6:/): Case => ({
  files: {
    'chaos.yaml': 'runner: { reporters: [list, ./reporter.ts, json] }',
    'reporter.ts': `${MARK}export default class Mine {\n${methods}\n}\n`,
  },
  told,
  status,
});

const BLOCKED: Readonly<Record<string, Case>> = {
  'a loop in a global setup': setUp('mark(); for (;;);', AT_LOOP),
  'a loop that catches everything': setUp('mark(); for (;;) try { for (;;); } catch {} finally { for (;;); }', AT_LOOP),
  'a loop of microtasks': setUp('mark(); for (;;) await null;', AT_LOOP),
  'a loop of ticks': setUp(
    'mark(); const again = (): void => process.nextTick(again); await new Promise(() => again());',
    AT_LOOP,
  ),
  'a pattern that backtracks for ever': setUp(`mark(); /^(a+)+$/.test('a'.repeat(99) + 'b');`, AT_LOOP),
  'a lock that nobody opens': setUp('mark(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);', AT_LOOP),
  'a command that is waited for': setUp(
    `mark(); execSync('sleep 1000');`,
    /it waited for process \d+ \(.*sleep 1000\), which was killed/,
  ),
  'a loop in a global teardown': {
    files: {
      'chaos.yaml': 'runner: { global_teardown: ./down.ts }',
      'down.ts': `${MARK}export default () => {\nmark(); for (;;);\n};\n`,
    },
    told: /down\.ts:6:/,
    status: 'interrupted',
  },
  'a reporter that loops as the run begins': reporter('onBegin() { mark(); for (;;); }', 'interrupted'),
  'a reporter that loops at the end of a test': reporter('onTestEnd() { mark(); for (;;); }', 'interrupted'),
  'a reporter that loops at any event': reporter('onEvent() { mark(); for (;;); }', 'interrupted'),
  'a reporter that loops as the run ends': reporter('onBegin() {} onEnd() { mark(); for (;;); }', 'passed'),
};

const start = (project: Project): ChaosProcess => startChaos(project, ['run']);

test.each(Object.entries(BLOCKED))('SIGTERM ends %s', async (_, { files, told, status }) => {
  const run = start(createProject({ 'a.chaos.ts': A_TEST, ...files }));
  await run.marked('hangs');
  run.footprint.look();
  run.kill('SIGTERM');
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(said).toMatch(told);
  expect(code, said).toBe(143);
  expect(run.report().chaos.status, said).toBe(status);
  await untilNothingIsLeft(run.footprint);
});

test('the global timeout ends a loop in a global setup', async () => {
  const { files } = setUp('mark(); for (;;);', AT_LOOP);
  const run = start(
    createProject({
      'a.chaos.ts': A_TEST,
      ...files,
      'chaos.yaml': 'runner: { global_setup: ./up.ts, global_timeout_ms: 6000 }',
    }),
  );
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(said).toMatch(/was blocked when the global timeout came, at \S+up\.ts:6:/);
  expect(said).toContain('Timed out waiting 6s for the test suite to run');
  expect(code, said).toBe(1);
  expect(run.report().chaos.status).toBe('timedout');
  await untilNothingIsLeft(run.footprint);
});

test('a global teardown that takes long after the global timeout ends, and so does the report', async () => {
  const run = start(
    createProject({
      'a.chaos.ts': `import { test } from '@chaos/test';\ntest('long', () => new Promise(() => {}));`,
      'down.ts': `import { setTimeout } from 'node:timers/promises';\nexport default async () => { await setTimeout(17_000); console.log('teardown done'); };`,
      'chaos.yaml': 'runner: { global_teardown: ./down.ts, global_timeout_ms: 1500 }',
    }),
  );
  const { code } = await run.exited;
  expect(run.stdout(), run.stderr()).toContain('teardown done');
  expect(code, run.stderr()).toBe(1);
  expect(run.report().chaos.status).toBe('timedout');
});

// Half a minute each.
test.each([
  ['at the end of a test', 'onBegin() {} onTestEnd() { for (;;); }', /was blocked for too long, at \S+reporter\.ts:6:/],
  [
    'as the run ends',
    'onBegin() {} async onEnd() { for (;;) await null; }',
    /reporter 2 \(Mine\) did not come to its end/,
  ],
])('a reporter that loops %s ends without a signal', { timeout: 120_000 }, async (_, methods, told) => {
  const { files } = reporter(methods, '');
  const run = start(
    createProject({ 'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});`, ...files }),
  );
  const { code } = await run.exited;
  const said = run.stdout() + run.stderr();
  expect(said).toMatch(told);
  expect(code, said).toBe(1);
  expect(run.report().chaos.status, said).toMatch(/failed|passed/);
  await untilNothingIsLeft(run.footprint);
});

test('main that waits in the system for ever is killed, and says so', async () => {
  const { files } = setUp(`mark(); readFileSync('pipe');`, AT_LOOP);
  const project = createProject({ 'a.chaos.ts': A_TEST, ...files });
  expect(spawnSync('mkfifo', [project.file('pipe')]).status).toBe(0);
  const run = start(project);
  await run.marked('hangs');
  run.kill('SIGTERM');
  expect(await run.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(run.stderr()).toContain('The run did not come to an end after SIGTERM: its main process is blocked');
  await untilNothingIsLeft(run.footprint);
});

test('a second Ctrl-C ends at once what does not hear the first', async () => {
  const { files } = setUp('mark(); for (;;);', AT_LOOP);
  const run = start(createProject({ 'a.chaos.ts': A_TEST, ...files }));
  await run.marked('hangs');
  const again = setInterval(() => run.kill('SIGINT'), 300);
  const { code } = await run.exited;
  clearInterval(again);
  expect(code, run.stderr()).toBe(130);
  await untilNothingIsLeft(run.footprint);
});

test('a configuration that loops ends with the signal, which nobody has asked for yet', async () => {
  const run = start(
    createProject({ 'a.chaos.ts': A_TEST, 'chaos.config.ts': `${MARK}mark(); for (;;);\nexport default {};\n` }),
  );
  await run.marked('hangs');
  run.kill('SIGTERM');
  expect(await run.exited).toEqual({ code: null, signal: 'SIGTERM' });
  await untilNothingIsLeft(run.footprint);
});

test('SIGTERM ends chaos ui and chaos agent in a configuration that loops', async () => {
  const files = {
    'a.chaos.ts': A_TEST,
    'chaos.config.ts': `${MARK}if (process.env.LOOPS) { mark(); for (;;); }\nexport default {};\n`,
  };
  const ui = startChaos(createProject(files), ['ui'], { env: { LOOPS: 'yes' } });
  await ui.marked('hangs');
  ui.kill('SIGTERM');
  expect((await ui.exited).signal).toBe('SIGTERM');

  const loops = createProject(files);
  const { url } = await startStore('redis', loops);
  const fleet = { CHAOS_FLEET: url, CHAOS_FLEET_KEY: KEY };
  const agent = startChaos(loops, ['agent'], { env: { ...fleet, LOOPS: 'yes' } });
  const run = startChaos(loops, ['run', '--fleet', url], { env: fleet });
  await agent.marked('hangs');
  agent.kill('SIGTERM');
  expect((await agent.exited).signal).toBe('SIGTERM');
  run.kill('SIGTERM');
  await run.exited;
});
