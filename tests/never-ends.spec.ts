import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// User code in the main process that never ends. Nobody sends a signal: the run ends by itself, fails, and names it.

const A_TEST = `import { test } from '@chaos/test'; test('a', () => {});`;
const TIMER = 'setInterval(() => {}, 1000);';

interface Case {
  readonly config: string;
  readonly code: string;
  readonly told: RegExp;
}

const reporter = (methods: string, why: string): Case => ({
  config: 'runner: { reporter_timeout_ms: 1000, reporters: [json, ./mine.ts, list] }',
  code: `export default class Mine { ${methods} }`,
  told: new RegExp(`reporter 2 \\(Mine\\) did not come to its end: what its end\\(\\) promised ${why}`),
});
const globally = (part: 'global_setup' | 'global_teardown', told: RegExp): Case => ({
  config: `runner: { ${part}: ./mine.ts }`,
  code: 'export default () => new Promise(() => {});',
  told,
});

const NEVER: Readonly<Record<string, Case>> = {
  'the end of a reporter for Playwright Test': reporter(
    'onBegin() {} onEnd() { return new Promise(() => {}); }',
    'can never settle',
  ),
  'its exit': reporter('onBegin() {} onExit() { return new Promise(() => {}); }', 'can never settle'),
  'what an event of a reporter promised': reporter(
    'onBegin() {} onTestEnd() { return new Promise(() => {}); }',
    'can never settle',
  ),
  'the end of a reporter of ours': reporter('onEvent() {} end() { return new Promise(() => {}); }', 'can never settle'),
  'the end of a reporter with an open timer': reporter(
    `onEvent() {} end() { ${TIMER} return new Promise(() => {}); }`,
    'did not settle within 1000 ms \\(runner.reporter_timeout_ms\\)',
  ),
  'a global setup': globally('global_setup', /The global setup \S+mine\.ts never ends/),
  'a global teardown': globally('global_teardown', /The global teardown \S+mine\.ts never ends/),
};

test.each(Object.entries(NEVER))('%s', async (_, { config, code, told }) => {
  const run = await runChaos(createProject({ 'chaos.yaml': config, 'mine.ts': code, 'a.chaos.ts': A_TEST }), ['run']);
  expect(run.output).toMatch(told);
  expect(run.code, run.output).toBe(1);
  expect(run.report().chaos.status).toBe(told.source.includes('reporter') ? 'passed' : 'failed');
  await untilNothingIsLeft(run.footprint);
});

test('a command that a global setup waits for may take its time; what it promises ends in time', async () => {
  const run = await runChaos(
    createProject({
      'chaos.yaml': 'runner: { global_setup: ./mine.ts, reporters: [json, ./late.ts] }',
      'mine.ts': `import { execSync } from 'node:child_process';
        export default async () => { execSync('sleep 1'); await new Promise((resolve) => setTimeout(resolve, 300)); };`,
      'late.ts': `export default class Late {
        async onEvent({ type }) {
          if (type !== 'run-end') return;
          await new Promise((resolve) => setTimeout(resolve, 600));
          console.error('written');
        }
        end() { return new Promise((resolve) => setTimeout(() => resolve(console.error('in time')), 300)); }
      }`,
      'a.chaos.ts': A_TEST,
    }),
    ['run'],
  );
  expect(run.code, run.output).toBe(0);
  expect(run.stderr()).toContain('in time');
  expect(run.stderr()).toContain('written');
});

test('a reporter that fails when the run is over fails the run', async () => {
  const wait = 'await new Promise((resolve) => setTimeout(resolve, 400));';
  for (const methods of [
    `onBegin() {} async onTestEnd() { ${wait} throw new Error('too late'); }`,
    `async onEvent({ type }) { if (type === 'run-end') { ${wait} throw new Error('too late'); } }`,
  ]) {
    const run = await runChaos(
      createProject({
        'chaos.yaml': 'runner: { reporters: [list, ./mine.ts] }',
        'mine.ts': `export default class Mine { ${methods} }`,
        'a.chaos.ts': A_TEST,
      }),
      ['run'],
    );
    expect(run.code, run.output).toBe(1);
    expect(run.output).toContain('Cannot report: a reporter failed: Error: too late');
  }
});
