import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  checkListAppend,
  checkRwRegister,
  isolationScript,
  type IsolationScript,
  type Operation,
} from '@chaos/history';
import type { PostgresServer } from '@chaos/services/postgres';
import { postgresServer } from './servers.js';

let server: PostgresServer;
const clients: pg.Client[] = [];
const text = (value: string | null): string => value ?? '';

async function connect(): Promise<pg.Client> {
  // Values as PostgreSQL prints them.
  const client = new pg.Client({
    connectionString: server.url,
    types: { getTypeParser: () => text } as unknown as pg.CustomTypesConfig,
  });
  clients.push(client);
  await client.connect();
  return client;
}

/**
 * Runs a script as psql sessions would: the reads that returned something else than they should, and the first error.
 */
async function replay(
  { setup, steps }: IsolationScript,
  level?: string,
): Promise<{ different: string[]; error?: string }> {
  const admin = await connect();
  await admin.query('DROP TABLE IF EXISTS replay');
  for (const sql of setup) await admin.query(sql);
  const sessions = new Map<number, pg.Client>();
  const different: string[] = [];
  for (const { session, sql, expected } of steps) {
    const client = sessions.get(session) ?? (await connect());
    sessions.set(session, client);
    try {
      const { rows } = await client.query<string[]>({
        text: level === undefined ? sql : sql.replace(/LEVEL [A-Z ]+/, `LEVEL ${level}`),
        rowMode: 'array',
      });
      const got = rows[0]?.[0] ?? '';
      if (expected !== undefined && got !== expected) different.push(`${sql} returned ${got}, not ${expected}`);
    } catch (error) {
      return { different, error: (error as { code: string }).code };
    }
  }
  return { different };
}

/** Transactions that all ran at once. */
function atOnce(...values: unknown[][]): { operations: Operation[]; faults: [] } {
  const operations = values.map((value, process): Operation => ({
    process,
    f: 'txn',
    type: 'ok',
    value,
    invoked: process,
    completed: 100 + process,
    invokedNs: process,
    completedNs: 100 + process,
  }));
  return { operations, faults: [] };
}

beforeAll(async () => {
  server = await postgresServer();
}, 60_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
});
afterAll(() => server[Symbol.asyncDispose]());

const skew = atOnce(
  [
    ['r', 'x', []],
    ['append', 'y', 1],
  ],
  [
    ['r', 'y', []],
    ['append', 'x', 2],
  ],
  [
    ['r', 'x', [2]],
    ['r', 'y', [1]],
    ['append', 'z', 3],
  ],
);
const lost = atOnce(
  [
    ['r', 'x', []],
    ['append', 'x', 1],
  ],
  [
    ['r', 'x', []],
    ['append', 'x', 2],
  ],
  [['r', 'x', [1, 2]]],
);
const readSkew = atOnce(
  [
    ['append', 'x', 1],
    ['append', 'y', 1],
  ],
  [
    ['r', 'x', []],
    ['r', 'y', [1]],
  ],
  [['r', 'x', [1]]],
);
const registerSkew = atOnce(
  [
    ['r', 'x', null],
    ['r', 'y', null],
    ['w', 'y', 1],
  ],
  [
    ['r', 'y', null],
    ['r', 'x', null],
    ['w', 'x', 2],
  ],
  [
    ['r', 'x', 2],
    ['r', 'y', 1],
  ],
);

// The values before it are of a transaction that the anomaly does not need.
const laterSkew = atOnce(
  [
    ['r', 'x', null],
    ['w', 'x', 7],
    ['r', 'y', null],
    ['w', 'y', 8],
  ],
  [
    ['r', 'x', 7],
    ['r', 'y', 8],
    ['w', 'y', 1],
  ],
  [
    ['r', 'y', 8],
    ['r', 'x', 7],
    ['w', 'x', 2],
  ],
  [
    ['r', 'x', 2],
    ['r', 'y', 1],
  ],
);

it.each([
  ['write skew', checkListAppend, skew, 'G2-item', 'REPEATABLE READ', 'SERIALIZABLE'],
  ['write skew of registers', checkRwRegister, registerSkew, 'G2-item', 'REPEATABLE READ', 'SERIALIZABLE'],
  ['write skew of registers that had values', checkRwRegister, laterSkew, 'G2-item', 'REPEATABLE READ', 'SERIALIZABLE'],
  ['a lost update', checkListAppend, lost, 'lost-update', 'READ COMMITTED', 'REPEATABLE READ'],
] as const)(
  '%s happens in a real PostgreSQL at the level of its script, and fails with 40001 at the next',
  async (_, check, history, type, level, safe) => {
    const anomaly = check(history).anomalies.find((found) => found.type === type)!;
    const script = isolationScript(history, anomaly);
    expect(script.level).toBe(level);
    expect(await replay(script)).toEqual({ different: [] });
    expect((await replay(script, safe)).error).toBe('40001');
  },
);

it('read skew happens at READ COMMITTED; at REPEATABLE READ the reads agree', async () => {
  const anomaly = checkListAppend(readSkew).anomalies.find(({ type }) => type === 'G-single')!;
  const script = isolationScript(readSkew, anomaly);
  expect(script.level).toBe('READ COMMITTED');
  expect(await replay(script)).toEqual({ different: [] });
  expect((await replay(script, 'REPEATABLE READ')).different).toEqual([expect.stringContaining('not {1}')]);
});

it('says where no order of statements makes PostgreSQL do it', () => {
  const circular = atOnce(
    [
      ['append', 'x', 1],
      ['r', 'y', [1]],
    ],
    [
      ['append', 'y', 1],
      ['r', 'x', [1]],
    ],
  );
  const script = isolationScript(circular, checkListAppend(circular).anomalies[0]!);
  expect(script.level).toBeUndefined();
  expect(script.text).toContain('no order of statements');
});

// Debian's machines with the client of PostgreSQL; elsewhere the server alone judges the script.
function hasPsql(): boolean {
  try {
    accessSync('/usr/bin/psql', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Each would end its literal or its comment, and then run a command of psql.
const hostile = (marker: string): string[] => [
  `a\n\\! touch ${marker}\n`,
  `a\r\\! touch ${marker}\r`,
  `'; \\! touch ${marker}`,
  `\\'; \\! touch ${marker}\n--`,
  `:'HOME' :HOME \n\\o |touch ${marker}`,
];

it('a value of a history runs no command of psql, whatever the quoting of the session', async () => {
  const folder = mkdtempSync('/tmp/history-psql-');
  const marker = join(folder, 'ran');
  try {
    for (const text of hostile(marker)) {
      const evil = atOnce(
        [
          ['r', `x${text}`, []],
          ['append', `y${text}`, `1${text}`],
        ],
        [
          ['r', `y${text}`, []],
          ['append', `x${text}`, `2${text}`],
        ],
        [['r', `x${text}`, [`2${text}`]]],
      );
      const script = isolationScript(evil, checkListAppend(evil).anomalies[0]!);
      expect(await replay(script)).toEqual({ different: [] });
      if (!hasPsql()) continue;
      const file = join(folder, 'replay.sql');
      writeFileSync(file, script.text);
      const admin = await connect();
      await admin.query('DROP TABLE IF EXISTS replay');
      for (const quoting of ['on', 'off']) {
        const env = {
          ...process.env,
          PGOPTIONS: `-c standard_conforming_strings=${quoting}`,
          PGCLIENTENCODING: 'SJIS',
        };
        const { stderr } = await promisify(execFile)('/usr/bin/psql', ['-X', '-f', file, server.url], { env });
        // One session runs it all: PostgreSQL warns of a BEGIN within a BEGIN, and of nothing else.
        expect(stderr.replace(/^.*WARNING: .*\n/gm, '')).toBe('');
      }
    }
    expect(existsSync(marker)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
