import { type Postgres, until } from '@chaos/test';
import type { AccountRows } from './account-rows.js';

type Session = Awaited<ReturnType<Postgres['connect']>>;

/** A session of the test that takes rows in an order of its own. */
export interface Rival {
  /** Locks a row; resolves once it has it. */
  lock(id: string): Promise<void>;
  /**
   * Locks a row that another holds, and gives it up again once it has it. The server makes the other one the victim of
   * the deadlock, because this session looks for none.
   */
  collide(id: string): Promise<void>;
  end(): Promise<void>;
}

/** The milliseconds after which a session of the target looks for a deadlock, for `deadlock_timeout`. */
export const LOOK_MS = 250;

/** Locks the row of an account until the end of the transaction. */
export function lockOf(rows: AccountRows, id: string): string {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`Cannot lock a row: there is none of ${id}`);
  return `SELECT 1 FROM ${row.table} WHERE ${row.condition} FOR UPDATE`;
}

/** Opens a session in a transaction, which locks rows of accounts. */
export async function rival(postgres: Postgres, rows: AccountRows): Promise<Rival> {
  const session: Session = await postgres.connect();
  const take = (id: string) => session.query(lockOf(rows, id));
  await session.query("SET deadlock_timeout = '1min'");
  await session.query('BEGIN');
  return {
    lock: async (id) => void (await take(id)),
    async collide(id) {
      await session.query('SAVEPOINT before');
      await take(id);
      await session.query('ROLLBACK TO before');
    },
    end: async () => void (await session.query('ROLLBACK')),
  };
}

/**
 * Waits until a session of the target waits for a lock, in a transaction that began after `sinceMs`, or until `isOver`.
 */
export async function untilItWaits(
  postgres: Postgres,
  sinceMs = 0,
  isOver: () => boolean = () => false,
): Promise<number> {
  let begun = 0;
  await until('a transfer that waits for a row', async () => {
    begun = (await postgres.sessions()).find(({ waiting, begunMs = 0 }) => waiting && begunMs > sinceMs)?.begunMs ?? 0;
    return begun > 0 || isOver();
  });
  return begun;
}
