import type { Budget } from '../budget.js';
import { ServiceError } from '../service-error.js';
import type { Connection, Connections, Queries } from './connections.js';
import { kindOf, unknownOutcome } from './database-error.js';

/** Isolation level of a transaction. */
export type Isolation = 'READ COMMITTED' | 'SERIALIZABLE';

/** Runs work in one transaction: all of it happens, or nothing. */
export interface Transactions {
  /**
   * Runs once, without retries.
   * @throws ServiceError `UNKNOWN_OUTCOME` when the answer to COMMIT was lost. After any other error nothing happened.
   */
  run<T>(budget: Budget, isolation: Isolation, work: (queries: Queries) => Promise<T>): Promise<T>;
}

/** Transactions on connections of the pool. */
export function createTransactions(connections: Connections): Transactions {
  return {
    async run(budget, isolation, work) {
      const connection = await connections.acquire(budget);
      let result;
      try {
        await connection.command(`BEGIN ISOLATION LEVEL ${isolation}`);
        result = await work(connection);
      } catch (error) {
        await abandon(connection, error);
        throw error;
      }
      await commit(connection);
      return result;
    },
  };
}

async function commit(connection: Connection): Promise<void> {
  let tag;
  try {
    tag = await connection.command('COMMIT');
  } catch (error) {
    await abandon(connection, error);
    throw kindOf(error) === 'lost' ? unknownOutcome(error) : error;
  }
  connection.release();
  if (tag !== 'COMMIT') throw new ServiceError('INTERNAL', `The database answered ${tag} to COMMIT; nothing happened`);
}

/** Ends the failed transaction, so that it holds no lock and no place in the pool. */
export async function abandon(connection: Connection, error: unknown): Promise<void> {
  if (kindOf(error) === 'lost') {
    connection.destroy();
    return;
  }
  try {
    await connection.command('ROLLBACK');
    connection.release();
  } catch {
    connection.destroy();
  }
}
