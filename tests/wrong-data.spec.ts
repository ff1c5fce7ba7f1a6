import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { testsByTitle } from './support/json-report.ts';
import { HEAD } from './support/run-tests.ts';

// The first attempt finds wrong data, a later one finds nothing: that clears nothing.
const WRONG = `${HEAD}import { InvariantViolation } from '@chaos/test';
const first = (info) => info.retry === 0;
const violation = () => new InvariantViolation('money is gone');
`;
const RETRIES = ['--retries', '2', '--timeout', '3000'];

test.each([
  ['its process ends', 'if (first(info)) { expect.soft(1).toBeInvariant(2); process.exit(1); }'],
  ['it never ends a loop', 'if (first(info)) { expect.soft(1).toBeInvariant(2); for (;;); }'],
  [
    'its process is killed',
    'if (first(info)) { expect.soft(1).toBeInvariant(2); process.kill(process.pid, "SIGKILL"); }',
  ],
])('wrong data that a test has found stay found where %s', async (_, body) => {
  const project = createProject({ 'a.chaos.ts': `${WRONG}test('a', async ({}, info) => { ${body} });` });
  const run = await runChaos(project, ['run', ...RETRIES]);
  expect(run.code, run.output).toBe(1);
  const { status, results } = testsByTitle(run.report()).get('a')!;
  expect(status).toBe('unexpected');
  expect(results[0]?.errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('InvariantViolation'),
    expect.stringMatching(/worker/i),
  ]);
});

test('wrong data that a body throws are told though a hook after it ends the process', async () => {
  const project = createProject({
    'a.chaos.ts': `${WRONG}
      test.afterEach(({}, info) => { if (first(info)) process.kill(process.pid, 'SIGKILL'); });
      test('a', ({}, info) => { if (first(info)) throw violation(); });`,
  });
  const run = await runChaos(project, ['run', ...RETRIES]);
  expect(run.code, run.output).toBe(1);
  expect(run.output).toContain('money is gone');
});

test('wrong data within another error are wrong data: no retry clears them, no poll goes on', async () => {
  const project = createProject({
    'a.chaos.ts': `${WRONG}
      test('any', async ({}, info) => { if (first(info)) await Promise.any([Promise.reject(violation()), Promise.reject(new Error('x'))]); });
      test('cause', ({}, info) => { if (first(info)) throw new Error('transfer failed', { cause: violation() }); });
      test('deep', ({}, info) => { if (first(info)) throw new Error('a', { cause: new AggregateError([new Error('b', { cause: violation() })]) }); });
      let calls = 0;
      test('poll', async () => {
        await expect(async () => { if (++calls === 1) throw new Error('read failed', { cause: violation() }); }).toPass();
      });`,
  });
  const run = await runChaos(project, ['run', ...RETRIES]);
  expect(run.code, run.output).toBe(1);
  for (const [title, { status, results }] of testsByTitle(run.report()))
    expect({ title, status, tries: results.length }).toEqual({ title, status: 'unexpected', tries: 1 });
});

test('a lost worker loses neither failures nor annotations nor attachments', async () => {
  const project = createProject({
    'a.chaos.ts': `${WRONG}
      test('a', async ({}, info) => {
        info.annotations.push({ type: 'order', description: '17' });
        await info.attach('answer', { body: 'seen' });
        expect.soft(1).toBe(2);
        process.exit(1);
      });`,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  const [result] = testsByTitle(run.report()).get('a')!.results;
  expect(result?.errors[0]?.message).toContain('Expected: 2');
  expect(result?.annotations).toEqual([{ type: 'order', description: '17' }]);
  expect(result?.attachments.map(({ name }) => name)).toEqual(['answer']);
});
