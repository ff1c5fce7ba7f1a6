import type { Budget } from '../budget.js';
import type { Connections, Queries } from './connections.js';
import { kindOf, toServiceError, unknownOutcome } from './database-error.js';

/** Runs single statements, each its own transaction. */
export interface Statements {
  /** For read-only statements: tried once more when the connection is lost. */
  reading(budget: Budget): Queries;
  /** @throws ServiceError `UNKNOWN_OUTCOME` when the answer is lost. After any other error nothing happened. */
  writing(budget: Budget): Queries;
}

/** Statements on connections of the pool. */
export function createStatements(connections: Connections): Statements {
  async function once<Row extends object>(budget: Budget, text: string, values?: readonly unknown[]): Promise<Row[]> {
    const connection = await connections.acquire(budget);
    try {
      const rows = await connection.rows<Row>(text, values);
      connection.release();
      return rows;
    } catch (error) {
      if (kindOf(error) === 'lost') connection.destroy();
      else connection.release();
      throw error;
    }
  }

  return {
    reading: (budget) => ({
      async rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
        const mayRepeat = (error: unknown): boolean => kindOf(error) === 'lost' && budget.remainingToStartMs() > 0;
        try {
          return await once<Row>(budget, text, values).catch((error: unknown) => {
            if (!mayRepeat(error)) throw error;
            return once<Row>(budget, text, values);
          });
        } catch (error) {
          throw toServiceError(error);
        }
      },
    }),
    writing: (budget) => ({
      rows: async (text, values) => {
        try {
          return await once(budget, text, values);
        } catch (error) {
          throw kindOf(error) === 'lost' ? unknownOutcome(error) : toServiceError(error);
        }
      },
    }),
  };
}
