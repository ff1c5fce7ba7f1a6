import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

// A worker without HTTP: jobs come from a table, and are counted by a command.
const FILES = {
  'chaos.yaml': `
target:
  command: [node, worker.mjs]
  setup: node migrate.mjs
  env: { DATABASE_URL: '{postgres.url}' }
  ready: { alive_ms: 100 }
  driver: driver.ts
runner: { workers: 1, require_purpose: false }
`,
  'worker.mjs': `
    import pg from 'pg';
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    pool.on('error', () => {});
    setInterval(() => pool.query("UPDATE job SET state = 'done' WHERE state = 'new'").catch(() => {}), 20);`,
  'migrate.mjs': `
    import pg from 'pg';
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query("CREATE TABLE job (id text PRIMARY KEY, state text DEFAULT 'new')");
    await client.end();`,
  'count.mjs': `
    import pg from 'pg';
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    console.log((await client.query('SELECT count(*)::int AS n FROM job WHERE state = $1', [process.argv[2]])).rows[0].n);
    await client.end();`,
  'driver.ts': `
    import { command, sql, type TargetDriver } from '@chaos/test';
    const db = sql();
    const driver = {
      operations: {
        enqueue: db.run<[id: string]>('INSERT INTO job (id) VALUES ($1)', { rejected: ['23505'] }),
        jobs: db.rows<{ id: string }>('SELECT id FROM job ORDER BY id'),
        done: command<number, [state: string]>((state) => ['node', 'count.mjs', state], {
          output: Number,
          env: ({ urls }) => ({ DATABASE_URL: urls.postgres }),
        }),
        slow: sql({ timeoutMs: 200 }).value('SELECT pg_sleep(5)'),
        nothing: db.value('SELECT 1 WHERE false'),
        wrong: db.value<number>('SELECT -1', { right: (value) => value > 0 }),
        typo: db.rows('SELEC 1'),
      },
    } satisfies TargetDriver;
    export default driver;`,
  'a.chaos.ts': `
    import { expect, outcomeOf, withDriver } from '@chaos/test';
    import type driver from './driver.js';
    const test = withDriver<typeof driver>();
    test('jobs are done once, around an outage', async ({ target, link, inject }) => {
      expect(await target.enqueue('a')).toBe(1);
      await expect.poll(() => target.done('done')).toBe(1);
      const cut = await inject(link('target', 'postgres').cut());
      await target.enqueue('b');
      await cut.heal();
      await expect.poll(() => target.done('done')).toBe(2);
      expect(await target.jobs()).toEqual([{ id: 'a' }, { id: 'b' }]);
    });
    test('outcomes', async ({ target, postgres, inject }) => {
      const outcome = (promise) => promise.then(() => 'ok', (error) => error.code === 'OPERATION' ? outcomeOf(error) : error.code);
      await target.enqueue('a');
      expect(await outcome(target.enqueue('a'))).toBe('rejected');
      expect(await outcome(target.slow())).toBe('timeout');
      expect(await outcome(target.nothing())).toBe('INVARIANT_VIOLATION');
      expect(await outcome(target.wrong())).toBe('INVARIANT_VIOLATION');
      expect(await outcome(target.typo())).toBe('USAGE');
      const crash = await inject(postgres.kill());
      expect(await outcome(target.jobs())).toBe('unavailable');
      await crash.heal();
      await expect.poll(() => outcome(target.jobs())).toBe('ok');
    });
  `,
};

test('a worker without HTTP is driven by SQL and by commands', async () => {
  const run = await runChaos(createProject(FILES), ['run', '--retries', '0']);
  expect(run.code, run.output).toBe(0);
  expect([...testsByTitle(run.report()).values()].map(({ status }) => status)).toEqual(['expected', 'expected']);
});
