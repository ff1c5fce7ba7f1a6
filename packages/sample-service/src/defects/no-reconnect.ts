import type { Connection, Connections } from '../database/connections.js';
import { kindOf } from '../database/database-error.js';
import { createPooledConnections } from '../database/pooled-connections.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/** A circuit breaker that protects a broken database and never closes again. */
export const defect: Defect = {
  connections: (options) => withBreaker(createPooledConnections(options)),
};

function withBreaker(connections: Connections): Connections {
  let isOpen = false;
  // Wait for a database that is still starting.
  let hasWorked = false;

  async function watched<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      hasWorked = true;
      return result;
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : kindOf(error);
      if (code === 'UNAVAILABLE' || code === 'lost') isOpen = hasWorked;
      throw error;
    }
  }

  return {
    ...connections,
    async acquire(budget) {
      if (isOpen) throw new ServiceError('UNAVAILABLE', 'The database is given time to recover');
      const connection: Connection = await watched(connections.acquire(budget));
      return {
        ...connection,
        rows: (text, values) => watched(connection.rows(text, values)),
        command: (text) => watched(connection.command(text)),
      };
    },
  };
}
