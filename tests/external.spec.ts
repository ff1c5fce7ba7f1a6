import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { startPostgres, type PostgresServer } from '@chaos/services/postgres';
import { noJournal } from '@chaos/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { testsByTitle } from './support/json-report.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// An external PostgreSQL: runs get a database in it, and may break nothing of it.
let server: PostgresServer;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync('/tmp/black-box-postgres-');
  chmodSync(directory, 0o755);
  server = await startPostgres({
    port: await freePort(),
    directory,
    journal: noJournal,
    log() {},
    startTimeoutMs: 60_000,
    signal: AbortSignal.timeout(120_000),
  });
}, 180_000);

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  return port;
}

async function databases(): Promise<readonly string[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    return (
      await client.query<{ datname: string }>("SELECT datname FROM pg_database WHERE datname LIKE 'chaos%'")
    ).rows.map(({ datname }) => datname);
  } finally {
    await client.end();
  }
}

function project(): Project {
  return createProject({
    'chaos.yaml': `services:\n  postgres:\n    url: ${server.adminUrl}\nrunner: { workers: 1 }\n`,
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      import { appendFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      test('has a database of its own', async ({ postgres }, info) => {
        const [row] = await postgres.query('SELECT current_database() AS name');
        await postgres.query('CREATE TABLE mine (id int)');
        appendFileSync(process.env.MARKS, row.name + '\\nbody\\n');
        if (process.env.HOLD) await delay(60000, undefined, { signal: info.signal });
      });
      test('is reset', async ({ postgres }) => {
        expect(await postgres.query("SELECT 1 FROM pg_tables WHERE tablename = 'mine'")).toEqual([]);
      });
      for (const fault of ['kill', 'stop', 'restart']) test('refuses ' + fault, async ({ postgres, inject }) => {
        await inject(postgres[fault]());
      });
      test('may end its own sessions', async ({ postgres, inject }) => {
        await inject(postgres.terminateBackends());
      });
    `,
  });
}

test('a run has a database of its own there, drops it, and is refused faults of the process', async () => {
  const before = await databases();
  const { code, output, marks, report, footprint } = await runChaos(project(), ['run', '--retries', '0']);
  expect(code, output).toBe(1);
  const tests = testsByTitle(report());
  for (const title of ['has a database of its own', 'is reset', 'may end its own sessions'])
    expect(tests.get(title)?.status, output).toBe('expected');
  for (const fault of ['kill', 'stop', 'restart']) {
    const [error] = tests.get(`refuses ${fault}`)?.results[0]?.errors ?? [];
    expect(error?.message).toMatch(new RegExp(`${fault}[^]*FAULT_REFUSED`));
  }
  expect(marks()[0]).toMatch(/^chaos_/);
  expect(await databases()).toEqual(before);
  await untilNothingIsLeft(footprint);
});

test('kill -9 of the command drops the database, too', async () => {
  const before = await databases();
  const run = startChaos(project(), ['run'], { env: { HOLD: '1' } });
  await run.marked('body');
  expect(await databases()).toEqual([...before, run.marks()[0]]);
  run.footprint.look();
  run.kill('SIGKILL');
  await run.exited;
  await untilNothingIsLeft(run.footprint);
  let left: readonly string[] | undefined;
  void databases().then((names) => (left = names));
  await eventually(
    () => left,
    () => 'No answer',
  );
  expect(left).toEqual(before);
});

test('one that cannot be reached is said once, with exit code 3', async () => {
  const nowhere = createProject({
    'chaos.yaml': `services:\n  postgres:\n    url: postgres://nobody@127.0.0.1:${await freePort()}/x\n`,
    'a.chaos.ts': "import { test } from '@chaos/test';\ntest('x', async ({ postgres }) => {});\n",
  });
  const { code, output, footprint } = await runChaos(nowhere, ['run']);
  expect(output.match(/Cannot create database/g)).toHaveLength(1);
  expect(code, output).toBe(3);
  await untilNothingIsLeft(footprint);
});
