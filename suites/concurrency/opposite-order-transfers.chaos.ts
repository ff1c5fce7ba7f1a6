import { databaseSetting, test, expect, seeded, type Postgres } from '@chaos/suite-drivers';

const [first, second] = [seeded.account(0), seeded.account(1)];
const plenty = 1_000_000_000;
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
    catches: ['read-then-write-balance'],
  },
  async ({ target, postgres, inject, load, config }) => {
    await target.set({ accounts: { [first]: plenty, [second]: plenty } });
    const total = await target.total();
    const transfer = { run: () => target.transfer(first, second, 1) };
    await load.warmUp(transfer);
    const before = await target.balances();
    // Found at once, where the target would give up waiting for a lock before the server looks; and whoever waited
    // first is ended: now the target, now we.
    const alert = await inject(databaseSetting(postgres, 'deadlock_timeout', '5ms'));
    await expect(() => target.total()).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'sessions with the setting',
    });

    const moved: Moved = { forth: 0, back: 0, failures: [] };
    const deadlocksBefore = await deadlocks(postgres);
    const collide = async (level: number, signal: AbortSignal): Promise<void> => {
      const opponents = Math.min(level, config.connectionPoolSize);
      const isOver = new AbortController();
      const transfers = load.startTogether(level * transfersPerLevel, () =>
        transferForAWhile(transfer.run, moved, signal),
      );
      const opposition = Promise.all(Array.from({ length: opponents }, () => oppose(postgres, moved, isOver.signal)));
      await Promise.all([transfers.finally(() => isOver.abort()), opposition]);
    };
    let collision = Promise.resolve();
    await load.provoke({
      what: `${enough} deadlocks among ${transfersPerLevel} times as many transfers`,
      run: (level, signal) => (collision = collide(level, signal)),
      observe: async () => (await deadlocks(postgres)) - deadlocksBefore >= enough,
      max: Math.ceil(config.concurrentRequests / transfersPerLevel),
    });
    await collision;

    const { forth, back, failures } = moved;
    expect(failures).toEqual([]);
    const { [first]: from = 0, [second]: to = 0 } = before;
    const after = await target.balances();
    expect([after[first], after[second]]).toBeInvariant([from - forth + back, to + forth - back]);
    expect(await target.total()).toConserve(total);
    await alert.heal();
    await expect(transfer.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers' });
  },
);

type Session = Awaited<ReturnType<Postgres['connect']>>;

/** Transfers that were made, from the first account to the second and back. */
interface Moved {
  forth: number;
  back: number;
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
  const goesOn = (): boolean => !signal.aborted && performance.now() < untilMs;
  for (let count = 0; count < leastTransfers || goesOn(); count += 1)
    await transfer().then(
      () => (moved.forth += 1),
      (error: unknown) => moved.failures.push(error),
    );
}

async function oppose(postgres: Postgres, moved: Moved, isOver: AbortSignal): Promise<void> {
  const session = await postgres.connect();
  while (!isOver.aborted) {
    await moveInOppositeOrder(session);
    moved.back += 1;
  }
  await session.end();
}

/** From the second account to the first; the target locks the first one first. */
async function moveInOppositeOrder(session: Session): Promise<void> {
  for (;;) {
    try {
      await session.query('BEGIN');
      await session.query('UPDATE accounts SET balance = balance - 1 WHERE id = $1', [second]);
      await session.query('UPDATE accounts SET balance = balance + 1 WHERE id = $1', [first]);
      await session.query('COMMIT');
      return;
    } catch (error) {
      await session.query('ROLLBACK');
      if ((error as { code?: unknown }).code !== '40P01') throw error;
    }
  }
}
