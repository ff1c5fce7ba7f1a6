import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import type { Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

const TARGET = `
import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/die') {
    console.error('FATAL: out of luck');
    process.exit(7);
  }
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const project = (tests: string): Project => targetProject({ target: TARGET, env: "REDIS_URL: '{redis.url}'", tests });

test('a target that ends by itself fails its test, with exit code, fault and last words', async () => {
  const run = await runChaos(
    project(`
      test('survives', async ({ target, link, inject }) => {
        await inject(link('target', 'redis').cut());
        await fetch(target.url + '/die').catch(() => {});
        const codeOf = (url) => fetch(url).then(() => 'served', (error) => error.cause?.code);
        expect(await codeOf(target.url)).toBe('ECONNREFUSED');
        expect(await codeOf(target.directUrl)).toBe('ECONNREFUSED');
      });
      test('finds it again', async ({ target }) => {
        expect(await (await fetch(target.url)).text()).toBe('ok');
      });
    `),
    ['run', '--retries', '0'],
  );
  expect(run.code).toBe(1);
  const found = testsByTitle(run.report());
  const [dead] = found.get('survives')?.results ?? [];
  expect(dead).toMatchObject({ status: 'failed', errors: [{ message: expect.stringMatching(/target exited/) }] });
  const said =
    /target exited with code 7 by itself at [\d:.]+ UTC, while "link target→redis cut" was in force; its last output:\nFATAL: out of luck/;
  expect(dead?.errors[0]?.message).toMatch(said);
  expect(dead?.annotations).toContainEqual({ type: 'incident', description: expect.stringMatching(said) });
  expect(run.stdout().replace(/\n +/g, '\n')).toMatch(said);
  expect(found.get('finds it again')?.results).toMatchObject([{ status: 'passed' }]);
});

test('an exit that the test expects is none of its failures, another one is, at its line', async () => {
  const run = await runChaos(
    project(`
      test('expected', async ({ target }) => {
        const exit = target.process.expectExit({ code: 7 });
        await fetch(target.url + '/die').catch(() => {});
        expect(await exit).toEqual({ code: 7, signal: null });
        await target.process.restart();
        expect((await fetch(target.url)).status).toBe(200);
      });
      test('another', async ({ target }) => {
        await fetch(target.url + '/die').catch(() => {});
        await target.process.expectExit({ code: 0 });
      });
      test('none', async ({ target }) => {
        await target.process.expectExit({ timeoutMs: 50 });
      });
    `),
    ['run', '--retries', '0'],
  );
  expect(run.code).toBe(1);
  const found = testsByTitle(run.report());
  expect(found.get('expected')?.results).toMatchObject([{ status: 'passed' }]);
  const [another] = found.get('another')?.results ?? [];
  expect(another?.errors).toMatchObject([
    {
      message: expect.stringContaining('was to exit with code 0, and exited with code 7; its last output:\nFATAL'),
      location: { line: 12 },
    },
  ]);
  const [none] = found.get('none')?.results ?? [];
  expect(none?.errors).toMatchObject([{ message: expect.stringContaining('and still runs'), location: { line: 15 } }]);
  // The frames of our own files would say nothing.
  expect(JSON.stringify(none?.errors)).not.toContain('/dist/');
});

test('an end between two tests, or after the last, is an error of the run', async () => {
  const run = await runChaos(
    project(`
      let url = '';
      test('leaves a bomb', async ({ target }) => {
        url = target.url;
      });
      test.afterAll(() => fetch(url + '/die').catch(() => {}));
    `),
    ['run', '--retries', '0'],
  );
  expect(run.code).toBe(1);
  expect(testsByTitle(run.report()).get('leaves a bomb')?.results).toMatchObject([{ status: 'passed' }]);
  expect(run.report().errors).toMatchObject([
    { message: expect.stringMatching(/^Between tests: target exited with code 7/) },
  ]);
});

test('an end by the reset is an error of the run, and no failure of the test that comes next', async () => {
  const run = await runChaos(
    targetProject({
      target: `
        import { createServer } from 'node:http';
        import pg from 'pg';
        createServer((request, response) => void answer(request.url).then(() => response.end('ok'))).listen(
          Number(process.env.PORT),
          '127.0.0.1',
        );
        // The client is never ended, and nobody listens to its errors.
        async function answer(url) {
          if (url !== '/leak') return;
          const client = new pg.Client(process.env.DATABASE_URL);
          await client.connect();
          await client.query('BEGIN');
        }
      `,
      env: "DATABASE_URL: '{postgres.url}'",
      runner: 'leaks: off',
      tests: `
        test('leaks', async ({ target }) => {
          expect((await fetch(target.url + '/leak')).status).toBe(200);
        });
        test('does nothing wrong', async ({ target }) => {
          expect((await fetch(target.url)).status).toBe(200);
        });
      `,
    }),
    ['run', '--retries', '0'],
  );
  expect(run.code).toBe(1);
  const found = testsByTitle(run.report());
  expect(found.get('does nothing wrong')?.results).toMatchObject([{ status: 'passed' }]);
  expect(run.report().errors).toMatchObject([
    { message: expect.stringMatching(/^Between tests: target exited with code 1/) },
  ]);
  expect(run.stdout() + run.stderr()).toContain('Hint: The reset before a test');
});

test('a misuse is tried once, and points at the line of the test', async () => {
  const run = await runChaos(
    project(`
      test('operation', async ({ target }) => {
        await target.total();
      });
      test('link', async ({ link, inject }) => {
        await inject(link('target', 'postgres').cut());
      });
      test('option', async ({ target, link, inject }) => {
        await inject(link('target', 'redis').latency({ latencyMs: -1 }));
      });
    `),
    ['run', '--retries', '2'],
  );
  expect(run.code).toBe(1);
  const lines = { operation: 4, link: 7, option: 10 };
  for (const [title, line] of Object.entries(lines)) {
    const results = testsByTitle(run.report()).get(title)?.results ?? [];
    expect(results).toHaveLength(1);
    expect(results[0]?.errors).toMatchObject([{ message: expect.stringContaining('Cannot'), location: { line } }]);
  }
});

test('no matcher waits for a target that has ended by itself', async () => {
  const run = await runChaos(
    project(`
      test('recover', async ({ target }) => {
        await fetch(target.url + '/die').catch(() => {});
        await expect(({ signal }) => fetch(target.url, { signal })).toRecoverWithin({ timeoutMs: 3_600_000 });
      });
      test('poll', async ({ target }) => {
        await fetch(target.url + '/die').catch(() => {});
        await expect.poll(() => fetch(target.url).then(() => 1, () => 0), { timeout: 3_600_000 }).toBe(1);
      });
      test('hangs', async ({ target }) => {
        await fetch(target.url + '/die').catch(() => {});
        await expect(() => new Promise(() => {})).toPass();
      });
      test('comes back', async ({ target }) => {
        const exit = target.process.expectExit({ code: 7 });
        await fetch(target.url + '/die').catch(() => {});
        await exit;
        const again = new Promise((resolve) => setTimeout(() => resolve(target.process.restart()), 1500));
        await expect(({ signal }) => fetch(target.url, { signal })).toRecoverWithin({ timeoutMs: 3_600_000 });
        await again;
      });
    `),
    ['run', '--retries', '0', '--timeout', '3600000'],
  );
  expect(run.code).toBe(1);
  const found = testsByTitle(run.report());
  const gone = /Waiting was given up: target exited with code 7 by itself/;
  for (const title of ['recover', 'poll', 'hangs'])
    expect(found.get(title)?.results, title).toMatchObject([
      {
        status: 'failed',
        errors: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(gone) })]),
      },
    ]);
  expect(found.get('comes back')?.results).toMatchObject([{ status: 'passed' }]);
});
