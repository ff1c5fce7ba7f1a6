import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const CONFIG = `
target:
  command: [node, target.mjs]
  env: { PORT: '{port}' }
  driver: driver.ts
runner: { workers: 1, require_purpose: false }
`;
const TARGET = `
import { createServer } from 'node:http';
createServer((request, response) => response.end('1')).listen(Number(process.env.PORT), '127.0.0.1');
`;
const DRIVER = `
import { http } from '@chaos/test';
const api = http();
export default { operations: { read: api.get('/'), count: api.get('/') } };
`;

function project(tests: string, files: Readonly<Record<string, string>> = {}): Project {
  return createProject({
    'chaos.yaml': CONFIG,
    'target.mjs': TARGET,
    'driver.ts': DRIVER,
    'a.chaos.ts': `import { test, expect } from '@chaos/test';\n${tests}`,
    ...files,
  });
}

test('a test whose driver or target lacks something is skipped before it starts, with the reason everywhere', async () => {
  const written = project(`
    test('transfers', { needs: ['transfer', 'read'] }, async ({ target }) => { await target.transfer(); });
    test('counts', { needs: ['counts'] }, async ({ target }) => { await target.counts(); });
    test('caches', { needs: ['read'], services: ['redis'] }, async ({ target }) => { await target.read(); });
    test.describe('group', { needs: ['read'] }, () => {
      test('reads', async ({ target }) => { expect(await target.read()).toBe(1); });
      test('reads and counts', { needs: ['count'] }, async ({ target }) => {
        expect([await target.read(), await target.count()]).toEqual([1, 1]);
      });
    });
  `);
  const run = await runChaos(written, ['run', '--retries', '0', '--reporter', 'list,json']);
  expect(run.code, run.output).toBe(0);
  const tests = testsByTitle(run.report());
  expect([...tests].map(([title, { status }]) => [title, status])).toEqual([
    ['transfers', 'skipped'],
    ['counts', 'skipped'],
    ['caches', 'skipped'],
    ['reads', 'expected'],
    ['reads and counts', 'expected'],
  ]);
  const reasons = ['driver has no `transfer`', 'driver has no `counts` (it has `count`)', 'target has no `redis`'];
  for (const reason of reasons) expect(run.stdout()).toContain(reason);
  expect(tests.get('transfers')?.annotations).toEqual([{ type: 'skip', description: reasons[0] }]);

  const list = await runChaos(written, ['list']);
  expect(list.output).toMatch(/a\.chaos\.ts:3 {2}transfers {2}skipped: driver has no `transfer`\n/);
});

test('a service that no configuration has is an error, not a reason to skip', async () => {
  const run = await runChaos(
    project(`test('caches', { services: ['redsi'] }, async ({ target }) => { await target.read(); });`),
    ['run'],
  );
  expect(run.code, run.output).not.toBe(0);
  expect(run.output).toContain('services: ["redsi"]: there is no such service, did you mean "redis"?');
  expect(run.output).toMatch(/a\.chaos\.ts:2:1/);
});

test('an operation that is not declared fails at the line of the call, once', async () => {
  const run = await runChaos(
    project(`
      test('undeclared', { needs: ['count'] }, async ({ target }) => {
        await target.count();
        await target.read();
      });
      test('in a load', { needs: [] }, async ({ load, target }) => {
        await load.closed({ run: () => target.read(), concurrency: 2, operations: 4 });
      });
      test('caught', { needs: [] }, async ({ target }) => { await Promise.resolve().then(() => target.read()).catch(() => {}); });
      test('missing in a load', async ({ load, target }) => {
        await load.closed({ run: () => target.transfer(), concurrency: 2, operations: 4 });
      });
      test('declares nothing', async ({ target }) => { await target.read(); });
    `),
    ['run', '--retries', '2'],
  );
  expect(run.code, run.output).toBe(1);
  const tests = testsByTitle(run.report());
  expect([...tests].map(([title, { status, results }]) => [title, status, results.length])).toEqual([
    ['undeclared', 'unexpected', 1],
    ['in a load', 'unexpected', 1],
    ['caught', 'unexpected', 1],
    ['missing in a load', 'unexpected', 1],
    ['declares nothing', 'expected', 1],
  ]);
  expect(tests.get('undeclared')?.results[0]?.errors[0]?.message).toMatch(
    /Cannot call target\.read: the test declares count/,
  );
  for (const line of [5, 8, 10, 12]) expect(run.output).toMatch(new RegExp(`a\\.chaos\\.ts:${line}:\\d+`));
  for (const title of ['in a load', 'caught', 'missing in a load'])
    expect(tests.get(title)?.results[0]?.errors).toMatchObject([
      { message: expect.stringMatching(/Cannot call target/) },
    ]);
});

test('runner.require_needs makes every test declare what it calls', async () => {
  const run = await runChaos(
    project(`test('declares nothing', async ({ target }) => { await target.read(); });`, {
      'chaos.yaml': CONFIG.replace('require_purpose: false', 'require_purpose: false, require_needs: true'),
    }),
    ['run', '--retries', '0'],
  );
  expect(run.code).toBe(1);
  expect(run.output).toMatch(/Cannot call target\.read: the test declares no operations/);
});

test('needs that are no list of names are an error of the file, and a driver that cannot be loaded one of each test', async () => {
  const wrong = await runChaos(project(`test('a', { needs: 'read' }, async () => {});`), ['run']);
  expect(wrong.code, wrong.output).toBe(1);
  expect(wrong.output).toMatch(/Cannot use needs of "a": current value is "read", allowed is a list of names/);

  const broken = project(`test('a', { needs: ['read'] }, async ({ target }) => { await target.read(); });`, {
    'driver.ts': `throw new Error('the driver is broken');`,
  });
  const run = await runChaos(broken, ['run', '--retries', '0']);
  expect(run.code).not.toBe(0);
  expect(run.output).toContain('the driver is broken');
});

test('tests of an installed package run from its path, in TypeScript, with errors at their lines', async () => {
  const written = project(`test('own', async () => {});`, {
    'tests-of-others.txt': '',
  });
  const run = await runChaos(written, ['run', '@someone/suite/network', '--retries', '0']);
  expect(run.code).toBe(1);
  expect(run.output).toMatch(
    /No tests found for "@someone\/suite\/network".*is not in node_modules: is the package installed\?/,
  );
});
