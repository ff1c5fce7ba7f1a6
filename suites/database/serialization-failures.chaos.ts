import {
  test,
  expect,
  until,
  type Postgres,
  type PostgresSession,
  type ResolvedConfig,
  type SuiteFixtures,
} from '../drivers/index.js';

const conflicts = 12;
/** Pauses from 4 ms on, each twice as long up to 120 ms and spread over its length, are 420 ms on average by then. */
const leastPausesMs = 120;
const item = (index: number): string => `item-${index}`;
const other = 'another-item';
const milliseconds = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;
const BEHIND = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'chaos-test' AND wait_event_type = 'Lock'`;
// A lock of the table is handed on in order: a row could be taken by who asks at the right moment.
const hold = (stock: string): string => `LOCK TABLE ${stock} IN EXCLUSIVE MODE`;
const touch = (stock: string): string => `UPDATE ${stock} SET quantity = quantity WHERE item = $1`;

test(
  'bookings that others were faster than are made all the same, once',
  {
    id: 'D19',
    purpose: 'A serialization failure costs a booking some time, and never its effect, nor a second one.',
    tag: ['@database', '@serializable'],
    needs: ['book', 'set', 'stock', 'tables'],
    services: ['postgres'],
    catches: ['no-retry-on-serialization-failure'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const count = config.concurrentRequests;
    const items = Math.ceil(count / 25);
    const quantity = 1_000_000;
    const { bookings, stock } = await target.tables();
    await target.set({
      stock: {
        ...Object.fromEntries(Array.from({ length: items }, (_, index) => [item(index), quantity])),
        [other]: quantity,
      },
    });
    await load.warmUp({ run: () => target.stock(item(0)) });
    const waiting = async (): Promise<number> => (await postgres.sessions()).filter(({ waiting }) => waiting).length;

    // They have read the quantity and wait to change it; then another changes it before them: PostgreSQL answers each
    // of them with 40001.
    const first = await postgres.connect();
    await first.query('BEGIN');
    for (let index = 0; index < items; index += 1) await first.query(touch(stock), [item(index)]);
    const crowd = load.startTogether(count, (index) =>
      target.book(item(index % items), 1, { reference: `crowd-${index}` }),
    );
    await until(
      'bookings that wait for the row',
      async () => (await waiting()) >= Math.min(2, config.connectionPoolSize),
    );
    await first.query('COMMIT');
    const { results } = await crowd;
    const made = await postgres.query<{ reference: string }>(
      `SELECT reference FROM ${bookings} WHERE reference LIKE 'crowd-%'`,
    );
    const acknowledged = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.reference] : []));
    expect(made.map(({ reference }) => reference).sort()).toBeInvariant(acknowledged.sort());
    const [left] = await postgres.query<{ quantity: number }>(
      `SELECT sum(quantity)::int AS quantity FROM ${stock} WHERE item LIKE 'item-%'`,
    );
    expect(left?.quantity).toConserve(items * quantity - made.length);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);

    const atCommit = await conflictAtCommit({ target, postgres, inject, load }, { bookings, stock });
    await expect(() => target.stock(item(0))).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads of stock' });
    let isOver = false;
    const holder = await lockedTable(first, stock);
    const unlucky = load.startTogether(1, () =>
      target.book(item(0), 1, { reference: 'unlucky' }).finally(() => (isOver = true)),
    );
    const { met, pausesMs } = await outrun({ holder, postgres, stock, config, isOver: () => isOver });
    expect((await unlucky).results).toMatchObject([{ status: 'fulfilled', value: { reference: 'unlucky' } }]);
    expect((await target.stock(item(0))).booked).toBeInvariant(
      made.filter(({ reference }) => Number(reference.slice('crowd-'.length)) % items === 0).length + 2,
    );
    if (!atCommit) test.inconclusive('PostgreSQL raised 40001 at statements, and at no COMMIT');
    if (met < conflicts) test.inconclusive(`${conflicts} conflicts in a row: not more than ${met} in time`);
    expect(pausesMs).toBeGreaterThan(leastPausesMs);
  },
);

/**
 * The other shape of the error: a booking is done, and refused at its COMMIT, for another changed what it has read, and
 * a third read what it has changed. Resolves with whether PostgreSQL did that, by its own word.
 */
async function conflictAtCommit(
  { target, postgres, inject, load }: Pick<SuiteFixtures, 'target' | 'postgres' | 'inject' | 'load'>,
  { bookings, stock }: { readonly bookings: string; readonly stock: string },
): Promise<boolean> {
  const { booked } = await target.stock(item(0));
  // As with statistics of a small table: who looks for a row reads all of them.
  const scans = [];
  for (const name of ['enable_indexscan', 'enable_bitmapscan']) scans.push(await inject(postgres.setting(name, 'off')));
  const held = await inject(postgres.holdCommits({ tables: [bookings] }));
  const running = load.startTogether(1, () => target.book(item(0), 1, { reference: 'at-commit' }));
  let pid: number | undefined;
  await until('a booking at its COMMIT', async () => {
    pid = (await postgres.sessions()).find(({ heldAtCommit }) => heldAtCommit)?.pid;
    return pid !== undefined;
  });
  const xid = 'SELECT backend_xid::text AS xid FROM pg_stat_activity WHERE pid = $1';
  const [first] = await postgres.query<{ xid: string }>(xid, [pid]);
  const [reader, writer] = [await postgres.connect(), await postgres.connect()];
  for (const session of [reader, writer]) await session.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
  await reader.query(`SELECT quantity FROM ${stock} WHERE item = $1`, [item(0)]);
  await writer.query(touch(stock), [other]);
  await writer.query('COMMIT');
  await held.heal();
  const { results } = await running;
  for (const scan of scans) await scan.heal();
  await reader.query('ROLLBACK');
  expect(results, 'a booking that is refused at its COMMIT is made again').toMatchObject([{ status: 'fulfilled' }]);
  expect((await target.stock(item(0))).booked).toBeInvariant(booked + 1);
  const [status] = await postgres.query('SELECT pg_xact_status($1::text::xid8) AS fate', [first?.xid]);
  return status?.['fate'] === 'aborted';
}

type Session = Awaited<ReturnType<Postgres['connect']>>;

async function lockedTable(session: Session, stock: string): Promise<Session> {
  await session.query('BEGIN');
  await session.query(hold(stock));
  return session;
}

interface Race {
  /** It holds the table. */
  readonly holder: Session;
  readonly postgres: Postgres;
  /** The table. */
  readonly stock: string;
  readonly config: ResolvedConfig;
  readonly isOver: () => boolean;
}

/**
 * Always faster than one booking: two sessions take turns, so that the booking never finds the table free. Ends after
 * enough conflicts, or early enough for the target's further attempts.
 */
async function outrun({ holder, postgres, stock, config, isOver }: Race): Promise<{ met: number; pausesMs: number }> {
  let [pausesMs, endedMs, met] = [0, 0, 0];
  let [has, next] = [holder, await postgres.connect()];
  let attempt: PostgresSession | undefined;
  // The previous session may not have noticed yet what was done to it.
  const isNewAttempt = async (): Promise<boolean> => {
    attempt = (await postgres.sessions()).find(({ waiting, begunMs = 0 }) => waiting && begunMs > endedMs);
    return attempt !== undefined || isOver();
  };
  const isBehind = async (): Promise<boolean> => (await postgres.query(BEHIND)).length === 1;
  const untilMs = performance.now() + config.timeoutMs / 3;
  for (; met < conflicts && performance.now() < untilMs; met += 1) {
    await until('the booking waits for the table', isNewAttempt);
    if (attempt === undefined) break;
    // Without a pause the way back to the beginning takes no longer than the way from there to the lock: as many
    // messages.
    const { begunMs = 0, queryMs = 0 } = attempt;
    if (met > 0) pausesMs += begunMs - endedMs - (queryMs - begunMs);
    await next.query('BEGIN');
    const taken = next.query(hold(stock));
    await until('the next one waits behind it', isBehind);
    await has.query(touch(stock), [item(0)]);
    const { rows } = await has.query<{ nowMs: number }>(`SELECT ${milliseconds('clock_timestamp()')} AS "nowMs"`);
    endedMs = rows[0]?.nowMs ?? 0;
    await has.query('COMMIT');
    await taken;
    [has, next] = [next, has];
  }
  await has.query('ROLLBACK');
  return { met, pausesMs };
}
