import { test, expect } from '../drivers/index.js';
import { check, createRecorder, interleave, type InterleavedStep } from '@chaos/test/history';

/** Hermitage's rows for PostgreSQL in which its isolation levels differ. */
const scripts: Readonly<Record<string, readonly InterleavedStep[]>> = {
  lostUpdate: [
    [1, 'read', 1],
    [2, 'read', 1],
    [1, 'append', 1, 11],
    [2, 'append', 1, 12],
    [1, 'commit'],
    [2, 'commit'],
  ],
  readSkew: [
    [1, 'read', 1],
    [2, 'append', 1, 12],
    [2, 'append', 2, 22],
    [2, 'commit'],
    [1, 'read', 2],
    [1, 'commit'],
  ],
  writeSkew: [
    [1, 'read', 1, 2],
    [2, 'read', 1, 2],
    [1, 'append', 1, 11],
    [2, 'append', 2, 22],
    [1, 'commit'],
    [2, 'commit'],
  ],
  abortedRead: [
    [1, 'append', 1, 11],
    [2, 'read', 1],
    [1, 'abort'],
    [2, 'read', 1],
    [2, 'commit'],
  ],
};

/** Anomalies that the manual allows at each level ("Transaction Isolation"), named as in the literature. */
const allowed = {
  'read committed': {
    lostUpdate: ['lost-update', 'G-single'],
    readSkew: ['fractured-read', 'G-single'],
    writeSkew: ['G2-item'],
    abortedRead: [],
  },
  'repeatable read': { lostUpdate: [], readSkew: [], writeSkew: ['G2-item'], abortedRead: [] },
  serializable: { lostUpdate: [], readSkew: [], writeSkew: [], abortedRead: [] },
} as const;

test(
  'each isolation level shows what it may, and nothing else',
  {
    id: 'D07',
    purpose: 'Who relies on a level of PostgreSQL gets what its manual promises; and the checker sees what is there.',
    tag: ['@database', '@isolation'],
    needs: [],
  },
  async ({ postgres }) => {
    const pool = await postgres.pool();
    for (const isolation of ['read committed', 'repeatable read', 'serializable'] as const) {
      const found: Record<string, readonly string[]> = {};
      for (const [name, steps] of Object.entries(scripts)) {
        const history = await interleave(pool, steps, { recorder: createRecorder(), isolation });
        const { anomalies } = check(history, { model: 'strict-serializable', minimumObserved: 0 });
        found[name] = [...new Set(anomalies.map(({ type }) => type))];
      }
      expect(found, isolation).toBeInvariant(allowed[isolation]);
    }
  },
);
