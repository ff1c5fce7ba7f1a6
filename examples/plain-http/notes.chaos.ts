import { expect, withDriver } from '@chaos/test';
import type driver from './driver.js';
import type { Note } from './driver.js';

const test = withDriver<typeof driver>();
const read = (id: string) => (note: Note) => note.id === id && note.body === `body of note ${id}`;

test(
  'notes can be read again after PostgreSQL was out of reach',
  {
    purpose: 'A broken connection costs the outage, and no restart.',
    tag: '@outage',
    catches: ['no-error-listener'],
  },
  async ({ target, link, inject, load, config }) => {
    const reads = { run: () => target.read('1'), right: read('1') };
    await load.warmUp(reads);

    const outage = await inject(link('target', 'postgres').cut());
    const during = await load.closed({
      ...reads,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests,
    });
    expect(during.counts).toMatchObject({ wrong: 0, timeout: 0 });

    await outage.heal();
    await expect(reads.run).toRecoverWithin({ timeoutMs: config.timeoutMs });
  },
);

test(
  'no request outlives its time-out when PostgreSQL falls silent',
  {
    purpose: 'Silence may cost a request, never a hung one.',
    tag: '@outage',
  },
  async ({ target, link, inject, load, config }) => {
    const reads = { run: () => target.read('2'), right: read('2') };
    await load.warmUp(reads);

    const silence = await inject(link('target', 'postgres').cut({ mode: 'blackhole' }));
    const during = await load.closed({
      ...reads,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests,
    });
    expect(during.counts).toMatchObject({ ok: 0, wrong: 0, timeout: 0 });

    await silence.heal();
    await expect(reads.run).toRecoverWithin({ timeoutMs: config.timeoutMs });
  },
);

test(
  'the pool is as large as it was told, and no larger',
  {
    purpose: 'The number of connections is the one thing that PostgreSQL cannot give to everybody.',
    tag: '@pool',
    catches: ['unbounded-pool'],
  },
  async ({ target, postgres, load, config }, info) => {
    const size = config.connectionPoolSize;
    const crowd = Math.max(config.concurrentRequests, size * 2);
    // PostgreSQL's own count; the pool keeps idle connections for a while.
    const connected = async (): Promise<number> => {
      const [row] = await postgres.query<{ connections: number }>(
        `SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'plain-http'`,
      );
      return row?.connections ?? 0;
    };
    const search = (concurrency: number): Promise<unknown> =>
      load.closed({ run: () => target.search('note'), concurrency, operations: concurrency * 10 });
    const { level } = await load.provoke({
      what: `${size} connections in use`,
      from: crowd,
      max: crowd * 8,
      run: search,
      observe: async () => (await connected()) >= size,
    });
    // The load that found the phenomenon was cut short, so run it again to the end.
    await search(level);
    const connections = await connected();
    await info.attach('connections', { body: JSON.stringify({ size, connections }), contentType: 'application/json' });
    expect(connections).toBeInvariant(size);
  },
);
