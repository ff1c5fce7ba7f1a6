import {
  accountRows,
  lockOf,
  test,
  expect,
  seeded,
  seededTotal,
  type AccountRows,
  type Postgres,
} from '../drivers/index.js';

const [first, second] = [seeded.account(0), seeded.account(1)];
/** So much may leave the first account before it is brought back. */
const most = seeded.balance / 2;
/** A server reports deadlocks at most once a second. */
const lookMs = 1500;
/** Enough deadlocks that the server does not always choose our own session to end them. */
const enough = 5;
const transfersPerLevel = 4;
/** Each of them makes at least this many, whatever was seen by then. */
const leastTransfers = 5;

test(
  'transfers that end in a deadlock are completed',
  {
    id: 'K04',
    purpose: 'A deadlock with others costs a retry, neither a transfer nor money.',
    tag: ['@concurrency', '@deadlock'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['read-then-write-balance'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const transfer = { run: () => target.transfer(first, second, 1) };
    await load.warmUp(transfer);
    const rows = await accountRows(target, postgres);
    if (rows === undefined) return void test.inconclusive('No row of PostgreSQL stands for an account');
    const total = await seededTotal(target);
    const figures = () => Promise.all([first, second].map((account) => target.count(account)));
    const [from = 0, to = 0] = await figures();
    // Found at once, where the target would give up waiting for a lock before the server looks; and whoever waited
    // first is ended: now the target, now we.
    const alert = await inject(postgres.setting('deadlock_timeout', '5ms'));
    await expect(() => target.count(first)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'sessions with the setting',
    });

    const moved: Moved = { away: 0, failures: [] };
    const deadlocksBefore = await deadlocks(postgres);
    const collide = async (level: number, signal: AbortSignal): Promise<void> => {
      const opponents = Math.min(level, config.connectionPoolSize);
      const isOver = new AbortController();
      const transfers = load.startTogether(level * transfersPerLevel, () =>
        transferForAWhile(transfer.run, moved, signal),
      );
      const opposition = Promise.all(Array.from({ length: opponents }, () => oppose(postgres, rows, isOver.signal)));
      await Promise.all([transfers.finally(() => isOver.abort()), opposition]);
      const back = Math.floor(moved.away / 2);
      if (back > 0) await target.transfer(second, first, back);
      moved.away -= back;
    };
    let collision = Promise.resolve();
    await load.provoke({
      what: `${enough} deadlocks among ${transfersPerLevel} times as many transfers`,
      run: (level, signal) => (collision = collide(level, signal)),
      observe: async () => (await deadlocks(postgres)) - deadlocksBefore >= enough,
      max: Math.ceil(config.concurrentRequests / transfersPerLevel),
    });
    await collision;

    expect(moved.failures).toEqual([]);
    expect(await figures()).toBeInvariant([from - moved.away, to + moved.away]);
    expect(await seededTotal(target)).toConserve(total);
    await alert.heal();
    await expect(transfer.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers' });
  },
);

type Session = Awaited<ReturnType<Postgres['connect']>>;

/** What transfers have moved from the first account to the second, and has not been brought back. */
interface Moved {
  away: number;
  readonly failures: unknown[];
}

async function deadlocks(postgres: Postgres): Promise<number> {
  const [row] = await postgres.query<{ deadlocks: number }>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}

async function transferForAWhile(transfer: () => Promise<unknown>, moved: Moved, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + lookMs;
  const goesOn = (): boolean => !signal.aborted && performance.now() < untilMs && moved.away < most;
  for (let count = 0; count < leastTransfers || goesOn(); count += 1)
    await transfer().then(
      () => (moved.away += 1),
      (error: unknown) => moved.failures.push(error),
    );
}

async function oppose(postgres: Postgres, rows: AccountRows, isOver: AbortSignal): Promise<void> {
  const session = await postgres.connect();
  while (!isOver.aborted) await lockInOppositeOrder(session, rows);
  await session.end();
}

/** Takes the second account first, and then the first one, with which the target begins. */
async function lockInOppositeOrder(session: Session, rows: AccountRows): Promise<void> {
  for (;;) {
    try {
      await session.query('BEGIN');
      await session.query(lockOf(rows, second));
      await session.query(lockOf(rows, first));
      await session.query('COMMIT');
      return;
    } catch (error) {
      await session.query('ROLLBACK');
      if ((error as { code?: unknown }).code !== '40P01') throw error;
    }
  }
}
