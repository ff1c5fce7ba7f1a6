import { OperationError } from '@chaos/spec';
import { classifyExec, classifyRedis } from '../../classify/classify-redis.js';
import type { RedisClient } from './redis-client.js';

/** One command; what it throws says how it ended (`OperationError`). */
export async function redisCall(client: RedisClient, command: string, ...args: (string | number)[]): Promise<unknown> {
  const { status } = client;
  return client.call(command, ...args).catch((error: unknown) => {
    throw failure(error, status);
  });
}

/**
 * MULTI … EXEC; the answers of the commands. Rejects where nothing happened or nobody can tell, and with the first
 * error of a command.
 */
export async function redisTransaction(client: RedisClient, commands: (string | number)[][]): Promise<unknown[]> {
  const { status } = client;
  const reply = await client
    .multi(commands)
    .exec()
    .catch((error: unknown) => {
      throw failure(error, status);
    });
  if (reply === null) throw new OperationError('rejected', 'EXEC did nothing: a watched key had changed');
  // The others took effect: as a whole it neither happened nor failed.
  if (classifyExec(reply) === 'partial')
    throw new OperationError(
      'unknown',
      `EXEC did only a part: ${reply.find(([error]) => error !== null)?.[0]?.message}`,
    );
  return reply.map(([, result]) => result);
}

/** A connection for each process, as WATCH needs; `close` ends them. */
export function connectionsOf(client: RedisClient): {
  readonly of: (owner: object) => RedisClient;
  readonly close: () => void;
} {
  const connections = new Map<object, RedisClient>();
  return {
    of(owner) {
      const known = connections.get(owner);
      if (known !== undefined) return known;
      const connection = client.duplicate();
      // Whoever waits for an answer is told; an idle one need not end the process.
      connection.on('error', () => {});
      connections.set(owner, connection);
      return connection;
    },
    close() {
      for (const connection of connections.values()) connection.disconnect();
      connections.clear();
    },
  };
}

function failure(error: unknown, status: string): OperationError {
  const outcome =
    classifyRedis(error, { status }) === 'info'
      ? 'unknown'
      : (error as Error).name === 'ReplyError'
        ? 'rejected'
        : 'unavailable';
  return new OperationError(outcome, (error as Error).message, { cause: error });
}
