import { OperationError, seeded, seededTables, test, expect, until, type SuiteTarget } from '../drivers/index.js';

const [poor, rich, held] = [seeded.account(0), seeded.account(1), seeded.account(2)];

test(
  'no error keeps a connection',
  {
    id: 'D15',
    purpose: 'A request may fail wherever it likes; the connection that it used serves the next one.',
    tag: ['@database', '@leak'],
    needs: ['book', 'increment', 'metrics', 'slowReport', 'tables', 'token', 'total', 'transfer'],
    services: ['postgres', 'jwks'],
    catches: ['leak-connection-on-error'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const forged = await target.token({ aud: 'somebody-else' });
    const tables = await target.tables();
    await postgres.query(`INSERT INTO ${tables.counters} (name, value) VALUES ('full', 9223372036854775807)`);
    await target.book(seededTables.item, 1, { reference: 'taken' });
    await target.transfer(rich, poor, 1, { key: 'used' });
    await load.warmUp({ run: () => target.total() });
    const idleAgain = async (after: string): Promise<void> => {
      await expect
        .poll(() => placesInUse(target), {
          timeout: config.timeoutMs / 5,
          intervals: [20],
          message: `connections in use after ${after}`,
        })
        .toBe(0);
      expect((await postgres.sessions()).filter(({ inTransaction }) => inTransaction)).toEqual([]);
    };
    await idleAgain('the warm-up');

    const places = refusals(target, forged);
    const codes = Object.keys(places);
    const count = Math.max(config.concurrentRequests, codes.length * 2);
    const refused = await load.startTogether(count, (index) =>
      (places[codes[index % codes.length] as string] as () => Promise<unknown>)(),
    );
    await idleAgain('refused requests');
    expect(refused.results.map(codeOf)).toEqual(refused.results.map((_, index) => codes[index % codes.length]));

    // Waits that end badly: for a lock, for a slow statement, for the client's time-out; and once all their sessions
    // are ended.
    const holder = await postgres.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT balance FROM ${tables.accounts} WHERE id = $1 FOR UPDATE`, [held]);
    const waits: (() => Promise<unknown>)[] = [
      () => target.transfer(held, rich, 1),
      () => target.slowReport(config.timeoutMs * 10),
      () => target.slowReport(config.timeoutMs / 10, { timeoutMs: config.timeoutMs / 100 }),
    ];
    const waiting = load.startTogether(waits.length, (index) => (waits[index] as () => Promise<unknown>)());
    await until(
      'a transfer that waits for a lock',
      async () => (await postgres.sessions()).filter(({ waiting }) => waiting).length >= 1,
    );
    await inject(postgres.terminateBackends({ of: 'target' }));
    expect((await waiting).results.map(({ status }) => status)).toEqual(waits.map(() => 'rejected'));
    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'sessions of the target' });
    await idleAgain('waits in vain');

    // The proof: the database still admits as many at a time as the pool is large.
    const all = load.startTogether(config.connectionPoolSize, () => target.transfer(held, rich, 1));
    await expect
      .poll(async () => (await postgres.sessions()).filter(({ waiting }) => waiting).length, {
        timeout: config.timeoutMs,
        intervals: [10],
      })
      .toBe(config.connectionPoolSize);
    await holder.query('ROLLBACK');
    expect((await all).results.filter(({ status }) => status === 'rejected')).toEqual([]);
    await idleAgain('the last transfer');
  },
);

// A request whose client has gone holds its place, too, until it is over.
async function placesInUse(target: SuiteTarget): Promise<number> {
  const { pool, requests } = await target.metrics();
  return pool.total - pool.idle + pool.waiting + requests.inProgress;
}

/** A request for every kind of refusal, by the code of its answer. */
function refusals(target: SuiteTarget, forged: string): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    // Refused before the database is used.
    INVALID_TOKEN: () => target.total({ token: forged }),
    INVALID_INPUT: () => target.transfer(rich, poor, -1),
    // Refused in the middle of a transaction.
    NOT_FOUND: () => target.transfer(rich, 'nobody', 1),
    INSUFFICIENT_FUNDS: () => target.transfer(poor, rich, 1_000_000),
    IDEMPOTENCY_KEY_REUSED: () => target.transfer(rich, poor, 2, { key: 'used' }),
    OUT_OF_STOCK: () => target.book(seededTables.item, seededTables.quantity * 2),
    // Refused by PostgreSQL: in a transaction, and for a single statement.
    DUPLICATE_BOOKING: () => target.book(seededTables.item, 1, { reference: 'taken' }),
    CONFLICT: () => target.increment('full'),
  };
}

function codeOf(result: PromiseSettledResult<unknown>): unknown {
  return result.status === 'rejected' && result.reason instanceof OperationError ? result.reason.data['code'] : result;
}
