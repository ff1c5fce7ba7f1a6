import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

// A worker of jobs: it has no port, and needs a table that its migrations make.
const WORKER = `
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', () => {});
await pool.query('UPDATE job SET state = $1', [process.env.STATE ?? 'seen']);
await pool.query('CREATE TABLE IF NOT EXISTS up (id int)');
await pool.query('INSERT INTO up VALUES (1)');
setInterval(() => pool.query('UPDATE job SET state = $1 WHERE state = $2', ['done', 'new']).catch(() => {}), 20);
`;
const MIGRATE = `
import pg from 'pg';
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query("CREATE TABLE job (id serial PRIMARY KEY, state text DEFAULT 'new'); INSERT INTO job DEFAULT VALUES");
await client.end();
`;

test('a program without HTTP is set up, ready by SQL, restarted with another environment, and stopped', async () => {
  const project = createProject({
    'chaos.yaml': `
target:
  command: [node, worker.mjs]
  setup: node migrate.mjs
  env: { DATABASE_URL: '{postgres.url}' }
  ready: { sql: SELECT 1 FROM up }
runner: { workers: 1, require_purpose: false }
`,
    'worker.mjs': WORKER,
    'migrate.mjs': MIGRATE,
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      const states = async (postgres) => (await postgres.query('SELECT state FROM job ORDER BY id')).map(({ state }) => state);
      test('works', async ({ target, postgres, link, inject }) => {
        expect(await states(postgres)).toEqual(['seen']);
        const cut = await inject(link('target', 'postgres').cut());
        await postgres.query('INSERT INTO job DEFAULT VALUES');
        await cut.heal();
        await expect.poll(() => states(postgres)).toEqual(['seen', 'done']);
      });
      test('gets another environment', async ({ target, postgres }) => {
        expect(await states(postgres)).toEqual(['seen']);
        await target.process.restart({ env: { STATE: 'other' } });
        await expect.poll(() => states(postgres)).toEqual(['other']);
      });
      test('ends when asked', async ({ target }) => {
        expect(await target.process.shutdown()).toEqual({ code: null, signal: 'SIGTERM' });
      });
      test('is back', async ({ target }) => expect(await target.process.alive()).toBe(true));
    `,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  expect(run.code, run.stdout()).toBe(0);
  expect([...testsByTitle(run.report()).values()].map(({ status }) => status)).toEqual(Array(4).fill('expected'));
});

test('two ways to be ready, and a query without a database, are told with their place', async () => {
  const project = createProject({
    'chaos.yaml': `
target:
  command: [node, -e, '']
  ready:
    log: up
    sql: SELECT 1
`,
    'a.chaos.ts': `import { test } from '@chaos/test'; test('a', async ({ target }) => {});`,
  });
  const run = await runChaos(project, ['run']);
  expect(run.code).toBe(2);
  expect(run.output).toMatch(
    /chaos\.yaml:6:\d+: Cannot use target\.ready\.sql: target\.ready\.log is set too, allowed is one way to be ready/,
  );
});
