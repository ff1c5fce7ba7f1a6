import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

const workersOf = ({ results }: { readonly results: readonly { readonly workerIndex: number }[] }): readonly number[] =>
  results.map(({ workerIndex }) => workerIndex);

test('retries at the end come after all other tests, and run their hooks again', async () => {
  const { run, get } = await runTests(
    `
    test.describe('group', () => {
      test.beforeAll(() => mark('beforeAll'));
      test.afterAll(() => mark('afterAll'));
      test('flaky', ({}, info) => { mark('flaky ' + info.retry); expect(info.retry).toBe(1); });
      test('second', () => mark('second'));
    });
    test('third', () => mark('third'));
    `,
    ['--workers', '1'],
    'runner: { retries: { count: 1, delay_ms: 0, placement: end } }',
  );
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual([
    'beforeAll',
    'flaky 0',
    'second',
    'afterAll',
    'third',
    'beforeAll',
    'flaky 1',
    'afterAll',
  ]);
  expect(get('flaky').results.map(({ status }) => status)).toEqual(['failed', 'passed']);
  expect(get('flaky').status).toBe('flaky');
});

test('a fresh worker for each retry, where it is asked for; details, groups and the configuration each add to it', async () => {
  const { run, get } = await runTests(
    `
    globalThis.dirt = 0;
    test.describe.configure({ retries: { count: 2, delayMs: 0 } });
    test('same', ({}, info) => { expect(globalThis.dirt++).toBe(info.retry === 2 ? 2 : -1); });
    test('fresh', { retries: { isolation: 'fresh' } }, ({}, info) => { mark('fresh ' + globalThis.dirt++); expect(info.retry).toBe(2); });
    test('none', { retries: 0 }, () => { throw new Error('once'); });
    `,
    ['--workers', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(new Set(workersOf(get('same'))).size).toBe(1);
  expect(run.marks()).toEqual(['fresh 3', 'fresh 0', 'fresh 0']);
  expect(new Set(workersOf(get('fresh'))).size).toBe(3);
  expect(get('none').results).toHaveLength(1);
});

test('a retry that wants to be alone waits until nothing else runs', async () => {
  const source = (name: string): string => `
    ${HEAD}
    import { readFileSync } from 'node:fs';
    const seen = (line) => readFileSync(process.env.MARKS, 'utf8').split('\\n').includes(line);
    ${name === 'a' ? "test('flaky', { retries: { count: 1, delayMs: 0, isolation: 'alone' } }, ({}, info) => { mark('flaky ' + info.retry); expect(info.retry).toBe(1); });" : ''}
    ${name === 'b' ? "test('long', async () => { mark('begin'); while (!seen('flaky 0')) await delay(5); await delay(300); mark('long'); });" : ''}
  `;
  const run = await runChaos(createProject({ 'a.chaos.ts': source('a'), 'b.chaos.ts': source('b') }), [
    'run',
    '--workers',
    '2',
    '--timeout',
    '20000',
  ]);
  expect(run.code, run.output).toBe(0);
  expect(run.marks().filter((line) => line !== 'begin')).toEqual(['flaky 0', 'long', 'flaky 1']);
});

test('only what `when` agrees to is tried again', async () => {
  const { run, get } = await runTests(
    `
    test.describe('group', () => {
      test.describe.configure({ retries: { when: (error) => error.code === 'ECONNRESET' } });
      test('reset', () => { throw Object.assign(new Error('gone'), { code: 'ECONNRESET' }); });
      test('other', () => { throw new Error('wrong'); });
      test('own word', { retries: { count: 2, when: (error) => error.cause === 'text' } }, () => { throw 'text'; });
      test('when fails', { retries: { when: () => { throw new Error('cannot say'); } } }, () => { throw new Error('first'); });
    });
    test('from the configuration', () => { throw new Error('timing'); });
    test('from the configuration, not', () => { throw new Error('logic'); });
    `,
    ['--workers', '1'],
    '{}',
    {
      'chaos.config.ts':
        "export default { retries: { count: 1, delayMs: 0, when: (error: Error) => error.message === 'timing' } };",
    },
  );
  expect(run.code, run.output).toBe(1);
  const attempts = [
    'reset',
    'other',
    'own word',
    'when fails',
    'from the configuration',
    'from the configuration, not',
  ].map((title) => get(title).results.length);
  expect(attempts).toEqual([2, 1, 3, 1, 2, 1]);
  expect(
    get('when fails')
      .results[0]?.errors.map(({ message }) => message)
      .join(),
  ).toMatch(/first.*cannot say/s);
});

test('a violated invariant is never tried again, not even as a soft failure', async () => {
  const { get } = await runTests(
    `
    import { InvariantViolation } from '@chaos/test';
    test('thrown', { retries: { count: 3, when: () => true } }, () => { throw new InvariantViolation('lost'); });
    test('soft', { retries: 3 }, ({}, info) => { info.softFail(new InvariantViolation('lost')); });
    test('after another error', { retries: 3 }, ({}, info) => { info.softFail(new Error('timing')); throw new InvariantViolation('lost'); });
    `,
  );
  for (const title of ['thrown', 'soft', 'after another error']) expect(get(title).results, title).toHaveLength(1);
});

test('what makes no sense is said with its place', async () => {
  const wrong = async (retries: string): Promise<string> =>
    (await runTests(`test('x', { retries: ${retries} }, () => {});`)).run.output;
  expect(await wrong('{ delay: 5 }')).toMatch(/Cannot use retries\.delay of "x": known are count, delayMs/);
  expect(await wrong("{ placement: 'later' }")).toMatch(
    /current value is "later", allowed are immediate, end[\s\S]*a\.chaos\.ts:6:1/,
  );
  expect(await wrong('1.5')).toMatch(/current value is 1\.5, allowed is a whole number from 0 to 100/);
  expect((await runTests("test('x', () => {});", [], 'runner: { retries: { isolation: cell } }')).run.output).toMatch(
    /chaos\.yaml:1:\d+.*one of same, fresh, alone/,
  );
});

test('`when` is asked about a lost worker too, in the next one', async () => {
  const when =
    "when: (error) => { mark(error.code + ': ' + error.message.slice(0, 40)); return !/SIGKILL/.test(error.message); }";
  const { run, get } = await runTests(
    `
    test.describe.configure({ retries: { count: 2, delayMs: 0, ${when} } });
    test('exits', ({}, info) => { if (info.retry === 0) process.exit(7); });
    test('is killed', () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); });
    test('loops', { retries: { count: 1, timeoutFactor: 1 } }, () => { for (;;); });
    test('when fails', { retries: { count: 1, when: () => { throw new Error('cannot say'); } } }, () => process.exit(1));
    test('when hangs', { retries: { count: 1, when: () => { for (;;); } } }, ({}, info) => { if (info.retry === 0) process.exit(1); });
    test('last', () => {});
    `,
    ['--workers', '1', '--timeout', '1000'],
  );
  expect(run.code, run.output).toBe(1);
  expect(
    ['exits', 'is killed', 'loops', 'when fails', 'when hangs', 'last'].map((title) => [
      get(title).status,
      get(title).results.length,
    ]),
  ).toEqual([
    ['flaky', 2],
    ['unexpected', 1],
    ['unexpected', 2],
    ['unexpected', 1],
    ['flaky', 2],
    ['expected', 1],
  ]);
  expect(run.marks()).toEqual([
    'WORKER_LOST: worker process exited unexpectedly (code',
    'WORKER_LOST: worker process exited unexpectedly (code',
    'WORKER_LOST: Test timeout of 1000ms exceeded. Its eve',
  ]);
  expect(
    get('when fails')
      .results[0]?.errors.map(({ message }) => message)
      .join(),
  ).toMatch(/exited unexpectedly.*cannot say/s);
});

test('each project has retries of its own, as a number or in detail; what is typed counts for all', async () => {
  const files = {
    'chaos.yaml':
      'runner: { retries: { count: 1, delay_ms: 0, timeout_factor: 1 } }\nprojects: { general: {}, number: { retries: 2 }, fresh: { retries: { count: 3, isolation: fresh } } }',
    'a.chaos.ts': `${HEAD}test('fails', { tag: '@never' }, ({}, info) => { mark(info.project.name + ' ' + info.project.retries); throw new Error('no'); });`,
  };
  const run = await runChaos(createProject(files), ['run', '--workers', '1']);
  const tests = run.report().suites.flatMap(({ specs }) => specs.flatMap((spec) => spec.tests));
  expect(
    tests.map(({ results }) => results.length),
    run.output,
  ).toEqual([2, 3, 4]);
  expect(tests.map(({ results }) => new Set(workersOf({ results })).size)).toEqual([1, 1, 4]);
  expect(new Set(run.marks())).toEqual(new Set(['general 1', 'number 2', 'fresh 3']));
  const typed = await runChaos(createProject(files), ['run', '--workers', '1', '--retries', '0']);
  expect(typed.marks(), typed.output).toEqual(['general 0', 'number 0', 'fresh 0']);
  const wrong = await runChaos(
    createProject({ ...files, 'chaos.yaml': 'projects:\n  a: { retries: { delay: 5 } }\n' }),
    ['run'],
  );
  expect(wrong.output).toMatch(/chaos\.yaml:2:\d+.*allowed are count, delay_ms/);
});

test('in code a project has a `when` of its own', async () => {
  const { run } = await runTests(
    "test('fails', ({}, info) => { mark(info.project.name + ' ' + info.retry); throw new Error('no'); });",
    ['--workers', '1'],
    '{}',
    {
      'chaos.config.ts':
        "export default { retries: { count: 1, delayMs: 0, when: () => false }, projects: [{ name: 'one' }, { name: 'two', retries: { count: 2, timeoutFactor: 1, when: () => true } }] };",
    },
  );
  expect(run.marks(), run.output).toEqual(['one 0', 'two 0', 'two 1', 'two 2']);
});

test('a test that misuses its tools would do so again: it is not tried again', async () => {
  const { run, get } = await runTests(
    "test('declares', { retries: 3 }, () => { test.describe('a group', () => {}); });",
  );
  expect(run.code).toBe(1);
  expect(get('declares').results).toHaveLength(1);
  expect(get('declares').results[0]?.errors[0]?.message).toMatch(/did not expect test\.describe\(\) to be called here/);
});
