import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const ONE_WORKER = 'runner: { workers: 1, retries: 0 }\n';

const POSTGRES = `
  import { test, expect } from '@chaos/test';
  test('over a query, a session and a pool', async ({ postgres }) => {
    const sql = "select current_setting('TimeZone') as zone, current_setting('work_mem') as memory, current_database() as name";
    const client = await postgres.connect();
    const pool = await postgres.pool();
    const all = [await postgres.query(sql), (await client.query(sql)).rows, (await pool.query(sql)).rows];
    expect(all).toEqual(Array(3).fill([{ zone: 'UTC', memory: '4MB', name: 'app' }]));
  });
`;

test('the PG* variables of the shell reach neither our PostgreSQL nor who talks to it', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': POSTGRES });
  const env = {
    PGSSLMODE: 'require',
    PGSSLNEGOTIATION: 'direct',
    PGOPTIONS: '-c work_mem=64kB -c default_transaction_read_only=on',
    PGREPLICATION: 'database',
    PGTZ: 'Asia/Tokyo',
    PGCLIENT_ENCODING: 'LATIN1',
    PGBINARY: '1',
    PGHOST: 'cloud.invalid',
    PGPORT: '1',
    PGUSER: 'somebody',
    PGPASSWORD: 'of somebody',
    PGDATABASE: 'elsewhere',
    PGDATA: '/nowhere',
    PGSERVICE: 'nowhere',
    PGSERVICEFILE: '/nowhere',
    PGPASSFILE: '/nowhere',
    PGSYSCONFDIR: '/nowhere',
    PGCONNECT_TIMEOUT: '1',
    PGAPPNAME: 'somebody',
  };
  const { code, output } = await runChaos(project, ['run'], { env });
  expect(code, output).toBe(0);
});
