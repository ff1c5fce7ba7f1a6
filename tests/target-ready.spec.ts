import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { testsByTitle } from './support/json-report.ts';
import { processes } from './support/processes.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';

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

// Each runs beside a shell that waits for it.
const SLEEPS = "[sh, -c, 'touch begun; sleep 1000; true']";
const HANGING = {
  'a set-up': `setup: ${SLEEPS}\n  ready: { alive_ms: 1, timeout_ms: 1500 }`,
  'a command that tells readiness': `ready: { command: ${SLEEPS}, timeout_ms: 1500 }`,
};

test.each(Object.entries(HANGING))(
  '%s that hangs ends with all it started, at its time and at SIGTERM',
  async (_, how) => {
    const project = createProject({
      'target.mjs': 'setInterval(() => {}, 1000);',
      'a.chaos.ts': `import { test } from '@chaos/test'; test('needs it', async ({ target }) => void (await target.process));`,
    });
    const sleeping = (): readonly string[] =>
      processes()
        .filter(({ cwd, command }) => cwd === project.path && command.startsWith('sleep 1000'))
        .map(({ command }) => command);
    const configure = (text: string): void =>
      writeFileSync(project.file('chaos.yaml'), `target:\n  command: [node, target.mjs]\n  ${text}\n`);
    configure(how);
    const late = await runChaos(project, ['run']);
    expect(late.code, late.output).toBe(3);
    expect(late.output).toMatch(/had not ended after \d+ ms|within \d+ ms/);
    expect(sleeping()).toEqual([]);

    configure(how.replace('timeout_ms: 1500', 'timeout_ms: 60000'));
    rmSync(project.file('begun'));
    const run = startChaos(project, ['run']);
    await eventually(
      () => existsSync(project.file('begun')) && sleeping().length > 0,
      () => run.stderr(),
    );
    run.kill('SIGTERM');
    expect((await run.exited).code).toBe(143);
    expect(sleeping()).toEqual([]);
  },
);
