import type { Connection, Connections } from '../database/connections.js';
import { createPooledConnections } from '../database/pooled-connections.js';
import type { Budget } from '../budget.js';
import type { Defect } from '../composition/defect.js';

/**
 * Serves the newest waiter first, "because it still has time": under load the oldest waits until it times out. From
 * reports on adaptive LIFO queues without a limit of age.
 */
export const defect: Defect = {
  connections(options) {
    const connections = createPooledConnections({ ...options, maxWaiting: Number.POSITIVE_INFINITY });
    return { ...connections, acquire: newestFirst(connections, options.size) };
  },
};

function newestFirst(connections: Connections, size: number): Connections['acquire'] {
  const waiters: (() => void)[] = [];
  let lent = 0;
  const free = (): void => {
    lent -= 1;
    waiters.pop()?.();
  };
  return async (budget: Budget): Promise<Connection> => {
    if (lent >= size) await new Promise<void>((go) => waiters.push(go));
    lent += 1;
    try {
      const connection = await connections.acquire(budget);
      return {
        ...connection,
        release: () => (connection.release(), free()),
        destroy: () => (connection.destroy(), free()),
      };
    } catch (error) {
      free();
      throw error;
    }
  };
}
