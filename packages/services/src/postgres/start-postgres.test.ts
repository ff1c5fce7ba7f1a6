import { createServer } from 'node:net';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { noJournal } from '@chaos/spec';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProcessStat } from '@chaos/env/process';
import { askAsAnotherUser, canBeAnotherUser, commandLines } from '../process/other-user.test.helper.js';
import { createMemoryJournal, type MemoryJournal } from '../testing/memory-journal.js';
import { freePort } from '../testing/free-port.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import type { PostgresServer } from './postgres-server.js';
import { removeSharedMemory } from './remove-shared-memory.js';
import { startPostgres } from './start-postgres.js';

const idle = new AbortController().signal;
const folder = temporaryDirectory();
const journal: MemoryJournal = createMemoryJournal();
let server: PostgresServer;

async function connect(options: { application_name?: string } = {}): Promise<Client> {
  const client = new Client({ connectionString: server.url, ...options });
  client.on('error', () => {});
  await client.connect();
  return client;
}

function closed(client: Client): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()));
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = await connect();
  try {
    const result = await client.query(sql);
    return result.rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

function segments(): readonly string[] {
  return readFileSync('/proc/sysvipc/shm', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/)[1]!);
}

function segmentOf(dataDirectory: string): string {
  return readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[6]!.trim().split(/\s+/)[1]!;
}

const options = async () => ({
  port: await freePort(),
  directory: folder.path,
  journal,
  log: () => {},
  startTimeoutMs: 10_000,
  signal: idle,
});

beforeAll(async () => {
  server = await startPostgres(await options());
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('a server of our own', () => {
  it('gives away its last sessions, refuses further ones with 53300, and has them back', async () => {
    const mine = await connect();
    const active = await server.exhaustConnections({ leave: 1 }).inject(AbortSignal.timeout(30_000));
    const last = await connect();
    await expect(connect()).rejects.toMatchObject({ code: '53300' });
    expect((await mine.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await active.heal();
    const again = await connect();
    await Promise.all([mine, last, again].map((client) => client.end()));
  });

  it('has a database app, a superuser, and listens on the loopback only', async () => {
    const rows = await query(
      `SELECT current_database() AS database, usesuper, current_setting('listen_addresses') AS listen FROM pg_user WHERE usename = current_user`,
    );
    expect(rows).toEqual([{ database: 'app', usesuper: true, listen: '127.0.0.1' }]);
    expect(server.external).toBe(false);
  });

  it('does not run as root', () => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
  });

  it('lets nobody in without its password, root neither, and tells it on no command line', async () => {
    const { username, password, search, port } = new URL(server.url);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect([username, search]).toEqual(['postgres', '']);
    for (const wrong of ['', 'postgres', `${password}x`]) {
      const url = new URL(server.url);
      url.password = wrong;
      await expect(new Client({ connectionString: url.href }).connect(), wrong).rejects.toThrow(
        /password authentication failed|password must be a/,
      );
    }
    if (canBeAnotherUser) {
      const parameters = Buffer.from('user\0postgres\0database\0app\0\0');
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + parameters.length, 0);
      head.writeUInt32BE(0x30000, 4);
      // The server asks for SASL (10); with `trust` it would accept the connection at once (0).
      const answer = Buffer.from(askAsAnotherUser(Number(port), Buffer.concat([head, parameters])), 'latin1');
      expect([String.fromCharCode(answer[0] ?? 0), answer.readUInt32BE(5)]).toEqual(['R', 10]);
    }
    expect(commandLines()).not.toContain(password);
    const hba = await query('SELECT type, auth_method FROM pg_hba_file_rules');
    expect(hba.map(({ auth_method: method }) => method)).toEqual(['scram-sha-256', 'scram-sha-256']);
  });

  it('comes back on the same port after SIGKILL, with every committed row', async () => {
    await query('CREATE TABLE kept AS SELECT 1 AS a');
    const before = server.pid;
    const held = await connect();
    const lost = closed(held);
    const fault = await server.kill().inject(idle);
    await lost;
    expect(server.pid).toBeUndefined();
    await expect(server.ready(idle)).rejects.toMatchObject({ code: 'SERVICE_DOWN' });
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await fault.heal();
    await fault.heal();
    expect(server.pid).not.toBe(before);
    expect(await query('TABLE kept')).toEqual([{ a: 1 }]);
  });

  it('hangs while stopped and goes on when healed', async () => {
    const held = await connect();
    const backend = (held as unknown as { processID: number }).processID;
    const fault = await server.stop().inject(idle);
    expect(readProcessStat(server.pid!)?.state).toBe('T');
    expect(readProcessStat(backend)?.state).toBe('T');
    const answer = held.query('SELECT 2 AS b');
    await expect(server.ready(AbortSignal.timeout(50))).rejects.toThrow();
    await fault.heal();
    expect((await answer).rows).toEqual([{ b: 2 }]);
    await held.end();
  });

  it.each(['fast', 'immediate'] as const)(
    'is down between inject and heal of a %s restart, also when stopped before',
    async (mode) => {
      const pause = await server.stop().inject(idle);
      const fault = await server.restart(mode).inject(idle);
      await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await fault.heal();
      await pause.heal();
      await server.ready(idle);
    },
  );

  it('stays down until the last of two outages is healed', async () => {
    const first = await server.kill().inject(idle);
    const second = await server.restart('fast').inject(idle);
    await first.heal();
    expect(server.pid).toBeUndefined();
    await second.heal();
    await server.ready(idle);
  });

  it('terminates the backends that match, and no others', async () => {
    const [victim, survivor] = [
      await connect({ application_name: 'victim' }),
      await connect({ application_name: 'survivor' }),
    ];
    const end = closed(victim);
    await (await server.terminateBackends({ applicationName: 'victim' }).inject(idle)).heal();
    await end;
    await survivor.query('SELECT 1');
    await survivor.end();
  });
});

describe('what is left', () => {
  it('is nothing, after a fault in a fault', async () => {
    const one = await startPostgres(await options());
    const [data] = journal.open().flatMap((recipe) => (recipe.kind === 'remove' ? [recipe.path] : []));
    const segment = segmentOf(data!);
    const { pid } = one;
    expect(segments()).toContain(segment);
    await one.stop().inject(idle);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(data!)).toBe(false);
    expect(segments()).not.toContain(segment);
    expect(journal.open().filter((recipe) => recipe.kind === 'remove')).toHaveLength(1);
  });

  it('is not touched by the recipe while the server is attached to its shared memory', async () => {
    const [data] = journal.open().flatMap((recipe) => (recipe.kind === 'remove' ? [recipe.path] : []));
    const segment = segmentOf(data!);
    await expect(removeSharedMemory({ dataDirectory: data! }, 20)).rejects.toMatchObject({ code: 'ENVIRONMENT' });
    expect(segments()).toContain(segment);
  });

  it('is undone by the recipes alone', async () => {
    const lost = createMemoryJournal();
    const one = await startPostgres({ ...(await options()), journal: lost });
    const data = lost.open().flatMap((recipe) => (recipe.kind === 'remove' ? [recipe.path] : []))[0]!;
    const segment = segmentOf(data);
    process.kill(one.pid!, 'SIGKILL');
    for (const recipe of lost.open()) {
      if (recipe.kind === 'call') {
        const module = (await import(recipe.module)) as Record<string, (data: unknown) => Promise<void>>;
        await module[recipe.export]!(recipe.data);
      }
    }
    expect(segments()).not.toContain(segment);
    await one[Symbol.asyncDispose]();
  });
});

describe('startPostgres() throws', () => {
  it('for a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(startPostgres({ ...(await options()), port })).rejects.toThrow(
      `Cannot start PostgreSQL: port ${port} of 127.0.0.1 is not free`,
    );
    taken.close();
  });

  it('for a folder that is not there', async () => {
    await expect(startPostgres({ ...(await options()), directory: join(folder.path, 'none') })).rejects.toThrow(
      /Cannot create the data folder of PostgreSQL: current value is .*ENOENT/,
    );
  });

  it.runIf(process.getuid?.() === 0)('for a folder that its uid cannot enter', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    await expect(startPostgres({ ...(await options()), directory: closed })).rejects.toThrow(
      `mode of ${closed} is 700`,
    );
    expect(readdirSync(closed)).toEqual([]);
  });

  it('when it is not ready in time, with the end of its log, and leaves nothing', async () => {
    const one = { ...(await options()), startTimeoutMs: 1 };
    await expect(startPostgres(one)).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining('it is not ready after 1 ms') as unknown,
    });
    expect(existsSync(join(folder.path, `postgres-${one.port}`))).toBe(false);
  });

  it('when aborted, and leaves nothing', async () => {
    const one = await options();
    await expect(startPostgres({ ...one, journal: noJournal, signal: AbortSignal.timeout(20) })).rejects.toThrow();
    expect(existsSync(join(folder.path, `postgres-${one.port}`))).toBe(false);
  });
});
