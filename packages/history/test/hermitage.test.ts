import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { check, createRecorder, interleave, type InterleavedStep, type SqlIsolation } from '@chaos/history';
import type { PostgresServer } from '@chaos/services/postgres';
import { postgresServer } from './servers.js';

let server: PostgresServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await postgresServer();
  pool = new pg.Pool({ connectionString: server.url });
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
});

// Hermitage (Kleppmann), its interleavings for PostgreSQL with appends instead of updates, so that every version shows.
const SCRIPTS: Readonly<Record<string, readonly InterleavedStep[]>> = {
  'G0 write cycle': [
    [1, 'append', 1, 11],
    [2, 'append', 1, 12],
    [1, 'append', 2, 21],
    [1, 'commit'],
    [2, 'append', 2, 22],
    [2, 'commit'],
  ],
  'G1a aborted read': [
    [1, 'append', 1, 101],
    [2, 'read', 1],
    [1, 'abort'],
    [2, 'read', 1],
    [2, 'commit'],
  ],
  'G1b intermediate read': [
    [1, 'append', 1, 101],
    [2, 'read', 1],
    [1, 'append', 1, 11],
    [1, 'commit'],
    [2, 'read', 1],
    [2, 'commit'],
  ],
  'G1c circular information flow': [
    [1, 'append', 1, 11],
    [2, 'append', 2, 22],
    [1, 'read', 2],
    [2, 'read', 1],
    [1, 'commit'],
    [2, 'commit'],
  ],
  'OTV observed transaction vanishes': [
    [1, 'append', 1, 11],
    [1, 'append', 2, 19],
    [2, 'append', 1, 12],
    [1, 'commit'],
    [3, 'read', 1],
    [2, 'append', 2, 18],
    [3, 'read', 2],
    [2, 'commit'],
    [3, 'read', 2],
    [3, 'read', 1],
    [3, 'commit'],
  ],
  'PMP predicate-many-preceders': [
    [1, 'read', 3, 4],
    [2, 'append', 3, 30],
    [2, 'commit'],
    [1, 'read', 3, 4],
    [1, 'commit'],
  ],
  'P4 lost update': [
    [1, 'read', 1],
    [2, 'read', 1],
    [1, 'append', 1, 11],
    [2, 'append', 1, 12],
    [1, 'commit'],
    [2, 'commit'],
  ],
  'G-single read skew': [
    [1, 'read', 1],
    [2, 'read', 1],
    [2, 'read', 2],
    [2, 'append', 1, 12],
    [2, 'append', 2, 18],
    [2, 'commit'],
    [1, 'read', 2],
    [1, 'commit'],
  ],
  'G2-item write skew': [
    [1, 'read', 1, 2],
    [2, 'read', 1, 2],
    [1, 'append', 1, 11],
    [2, 'append', 2, 21],
    [1, 'commit'],
    [2, 'commit'],
  ],
  'G2 anti-dependency cycle': [
    [1, 'read', 3, 4],
    [2, 'read', 3, 4],
    [1, 'append', 3, 30],
    [2, 'append', 4, 42],
    [1, 'commit'],
    [2, 'commit'],
  ],
};

// What each level promises, and what the checker finds in which script: everything that PostgreSQL's manual and
// Hermitage allow there, and nothing else. Reads that are repeated within a transaction differ at READ COMMITTED
// ("internal").
const LEVELS: Readonly<
  Record<string, { readonly promises: string; readonly shows: Readonly<Record<string, readonly string[]>> }>
> = {
  'read committed': {
    promises: 'monotonic-atomic-view',
    shows: {
      'G1b intermediate read': ['internal', 'G-single'],
      'G1c circular information flow': ['G2-item'],
      'OTV observed transaction vanishes': ['internal', 'G-single'],
      'PMP predicate-many-preceders': ['internal', 'G-single'],
      'P4 lost update': ['lost-update', 'G-single'],
      'G-single read skew': ['fractured-read', 'G-single'],
      'G2-item write skew': ['G2-item'],
      'G2 anti-dependency cycle': ['G2-item'],
    },
  },
  // Snapshot isolation: write skew is all that is left.
  'repeatable read': {
    promises: 'snapshot-isolation',
    shows: {
      'G1c circular information flow': ['G2-item'],
      'G2-item write skew': ['G2-item'],
      'G2 anti-dependency cycle': ['G2-item'],
    },
  },
  serializable: { promises: 'serializable', shows: {} },
};

describe.each(Object.entries(LEVELS))('PostgreSQL at %s', (isolation, { promises, shows }) => {
  it.each(Object.entries(SCRIPTS))('%s', async (name, steps) => {
    const history = await interleave(pool, steps, { recorder: createRecorder(), isolation: isolation as SqlIsolation });
    const { anomalies } = check(history, { model: 'strict-serializable', minimumObserved: 0 });
    expect([...new Set(anomalies.map(({ type }) => type))]).toEqual(shows[name] ?? []);
    expect(check(history, { model: promises, minimumObserved: 0 }).valid).toBe(true);
  });
});

it('refuses a session that never ends, before anything is done', async () => {
  const recorder = createRecorder();
  await expect(
    interleave(
      pool,
      [
        [1, 'read', 1],
        [2, 'append', 1, 11],
        [2, 'commit'],
      ],
      { recorder, isolation: 'serializable' },
    ),
  ).rejects.toThrow('session 1 never ends');
  expect(recorder.history().operations).toEqual([]);
  expect(pool.totalCount - pool.idleCount).toBe(0);
});
