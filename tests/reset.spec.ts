import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import type { Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

// It makes a schema only when it is asked for work, and ends when that is taken away from it.
const TARGET = `
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
pool.on('error', () => {});
await pool.query('SELECT 1');
let working = false;
createServer(async (request, response) => {
  if (request.url === '/work') {
    await pool.query('CREATE SCHEMA IF NOT EXISTS jobs; CREATE TABLE IF NOT EXISTS jobs.queue (id int)');
    working = true;
  }
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), '127.0.0.1');
setInterval(async () => {
  if (!working) return;
  await pool.query('SELECT * FROM jobs.queue').catch((error) => {
    if (error.code === '42P01') process.exit(9);
  });
}, 10);
`;

const project = (tests: string): Project =>
  targetProject({ target: TARGET, env: "DATABASE_URL: '{postgres.url}'", tests });

test('what the target made after the snapshot does not vanish under it, and the next test is told', async () => {
  const run = await runChaos(
    project(`
      let pid = '';
      const ask = async (url) => (await fetch(url)).text();
      test('works', async ({ target }) => void (pid = await ask(target.url + '/work')));
      test('goes on', async ({ target, postgres }) => {
        expect(await ask(target.url)).not.toBe(pid);
        expect(await postgres.query("SELECT 1 FROM pg_namespace WHERE nspname = 'jobs'")).toHaveLength(0);
      });
      test('is quiet', async ({ target }) => void (await ask(target.url)));
    `),
    ['run', '--retries', '0'],
  );
  expect(run.code, run.stdout()).toBe(0);
  const notes = (title: string): readonly string[] =>
    (testsByTitle(run.report()).get(title)?.results[0]?.annotations ?? [])
      .filter(({ type }) => type === 'slot')
      .map(({ description = '' }) => description);
  expect(notes('works')).toEqual([]);
  expect(notes('goes on')).toEqual([
    'the target was restarted, for the reset drops what was made after the snapshot: schema jobs. If the target makes it: is it ready too early?',
  ]);
  expect(notes('is quiet')).toEqual([]);
});

test('what a reset cannot restore costs a new slot, and the next test is told why', async () => {
  const run = await runChaos(
    project(`
      test('changes', async ({ postgres }) => {
        await postgres.query("CREATE TYPE mood AS ENUM ('good')");
        await postgres.query("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)");
      });
      test('finds nothing of it', async ({ postgres }) => {
        expect(await postgres.query("SELECT 1 FROM pg_type WHERE typname IN ('mood', 't')")).toHaveLength(0);
      });
    `),
    ['run', '--retries', '0'],
  );
  expect(run.code, run.stdout()).toBe(0);
  expect(testsByTitle(run.report()).get('finds nothing of it')?.results[0]?.annotations).toContainEqual({
    type: 'slot',
    description: 'the slot was rebuilt: Cannot reset PostgreSQL: since the snapshot type mood is new',
  });
});
