import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

const HTTP = `
import { createServer } from 'node:http';
let value = 0;
createServer((request, response) => {
  if (request.url === '/spoil') value += 1;
  response.statusCode = request.url === '/broken' ? 503 : 200;
  response.end(String(value));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

test('an experiment judges before, meanwhile and afterwards, and reports its figures', async () => {
  const project = targetProject({
    target: HTTP,
    tests: `
      const ask = (target, path) => async () => {
        const response = await fetch(target.url + path);
        if (response.status !== 200) throw new OperationError('unavailable', 'refused');
        return Number(await response.text());
      };
      const right = (value) => value === 0;
      test('recovers', async ({ target, link, experiment }) => {
        const seen = [];
        const { baseline, during, recoveryMs } = await experiment({
          steadyState: { run: ask(target, '/'), right },
          fault: [link('client', 'target').cut()],
          invariants: () => void seen.push('judged'),
        });
        expect([baseline.counts.ok, during.counts.ok, seen.length]).toEqual([10, 0, 2]);
        expect(recoveryMs).toBeGreaterThanOrEqual(0);
      });
      test('was broken before', ({ target, link, experiment }) =>
        experiment({ steadyState: { run: ask(target, '/broken') }, fault: link('client', 'target').cut() }));
      test('is spoiled meanwhile', ({ target, link, experiment }) =>
        experiment({
          steadyState: { run: ask(target, '/'), right },
          fault: link('client', 'target').latency({ latencyMs: 5 }),
          during: () => fetch(target.url + '/spoil'),
        }));
    `,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  const found = testsByTitle(run.report());
  expect(found.get('recovers')?.results[0], run.output).toMatchObject({
    status: 'passed',
    chaos: {
      experiments: [
        {
          faults: ['link client→target cut'],
          baseline: { count: 10, p50: expect.any(Number) },
          during: { counts: { ok: 0 } },
          recoveryMs: expect.any(Number),
        },
      ],
    },
  });
  expect(found.get('was broken before')?.results[0]?.errors[0]?.message).toContain('WARM_UP_FAILED');
  const spoiled = found.get('is spoiled meanwhile')?.results[0];
  expect(spoiled?.errors[0]?.message).toContain('wrong answer after the recovery: 1');
  expect(spoiled?.chaos.experiments).toEqual([]);
});

const DATABASE = `
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 }).on('error', () => {});
await pool.query('CREATE TABLE note (text text)');
await pool.query('CREATE TABLE "Odd name" (part int, "odd one" text, value int, PRIMARY KEY (part, "odd one"))');
await pool.query('INSERT INTO "Odd name" VALUES (1, $1, 0), (1, $2, 0), (2, $1, 0)', ["it's", 'other']);
createServer(async (request, response) => {
  try {
    if (request.method === 'PUT') await pool.query('UPDATE "Odd name" SET value = value + 1 WHERE part = 1 AND "odd one" = $1', ["it's"]);
    const { rows } = await pool.query(request.method === 'POST' ? "INSERT INTO note VALUES ('n')" : 'SELECT count(*)::int FROM note');
    response.end(JSON.stringify(rows));
  } catch (error) {
    response.statusCode = 503;
    response.end(error.message);
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

test('faults inside PostgreSQL hold, and are gone once they are healed', async () => {
  const project = targetProject({
    target: DATABASE,
    env: "DATABASE_URL: '{postgres.url}'",
    runner: 'max_inconclusive: 1',
    tests: `
      import { until } from '@chaos/test';
      const ask = async (target, method) => (await fetch(target.url, { method })).text();
      const gone = async (postgres) => {
        const triggers = await postgres.query("SELECT 1 FROM pg_trigger WHERE tgname = 'chaos_brake'");
        expect([triggers, await postgres.query('SELECT 1 FROM pg_db_role_setting')]).toEqual([[], []]);
      };
      test('commits are held', async ({ target, postgres, inject }) => {
        const held = await inject(postgres.holdCommits());
        let isOver = false;
        const writing = ask(target, 'POST').then(() => (isOver = true));
        await until('an insert waits', async () => (await postgres.sessions()).some(({ heldAtCommit }) => heldAtCommit));
        expect([isOver, await ask(target, 'GET')]).toEqual([false, '[{"count":0}]']);
        await held.heal();
        await writing;
        expect(await ask(target, 'GET')).toBe('[{"count":1}]');
        await gone(postgres);
      });
      test('a setting holds', async ({ target, postgres, inject }) => {
        const readOnly = await inject(postgres.setting('default_transaction_read_only', 'on'));
        await expect(() => ask(target, 'GET')).toRecoverWithin({ timeoutMs: 2000 });
        expect(await ask(target, 'POST')).toContain('read-only transaction');
        await readOnly.heal();
        await expect.poll(() => ask(target, 'POST')).toBe('[]');
        await gone(postgres);
      });
      test('tables are locked', async ({ target, postgres, inject }) => {
        const locked = await inject(postgres.lockTables());
        const reading = ask(target, 'GET');
        await until('a read waits', async () => (await postgres.sessions()).some(({ waiting }) => waiting));
        await locked.heal();
        expect(await reading).toBe('[{"count":0}]');
      });
      test('rows are found', async ({ target, postgres }) => {
        const write = () => ask(target, 'PUT');
        await write();
        const rows = await postgres.writtenRows(write);
        expect(rows).toHaveLength(1);
        const value = async () => (await postgres.query(\`SELECT value FROM \${rows[0].table} WHERE \${rows[0].condition}\`))[0].value;
        expect(await value()).toBe(2);
        await write();
        expect(await value()).toBe(3);
        expect(await postgres.writtenRows(() => ask(target, 'GET'))).toEqual([]);
      });
      test('shows no evidence', ({ target }) => until('pigs fly', () => false, { timeoutMs: 50 }));
      test('cannot look', ({ target }) => until('pigs fly', () => Promise.reject(new Error('blind')), { timeoutMs: 50 }));
    `,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  const found = testsByTitle(run.report());
  const statuses = [...found].map(([title, { results }]) => [title, results[0]?.status]);
  expect(Object.fromEntries(statuses), run.output).toEqual({
    'commits are held': 'passed',
    'a setting holds': 'passed',
    'tables are locked': 'passed',
    'rows are found': 'passed',
    'shows no evidence': 'skipped',
    'cannot look': 'failed',
  });
  expect(found.get('shows no evidence')?.results[0]?.chaos.inconclusive).toMatch(/^pigs fly: not seen within 50 ms/);
  expect(found.get('cannot look')?.results[0]?.errors[0]?.message).toContain('blind');
});
