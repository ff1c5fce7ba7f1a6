import { ChaosError, EnvironmentError, markSecretsIn, redact, type Journal } from '@chaos/spec';
import type { Redis } from 'ioredis';
import { packageEntry } from '../process/package-entry.js';
import { refuseFault } from '../process/refuse-fault.js';
import { flushDatabase, OWNER_KEY } from './flush-database.js';
import { readKeyspace, type Keyspace } from './keyspace.js';
import { assertSame, restoreKeyspace } from './keyspace-state.js';
import type { RedisServer } from './redis-server.js';
import { withRedis } from './with-redis.js';

/** Options of {@link useRedis}. */
export interface UseRedisOptions {
  readonly url: string;
  readonly journal: Journal;
  readonly runId: string;
  readonly slotIndex: number;
  readonly signal: AbortSignal;
}

/**
 * Takes an empty database (1 to 15) of a running external server, and empties it at the end; other databases are not
 * touched. The key `chaos:owner` reserves it. Faults that need the process throw `FAULT_REFUSED`. Throws
 * `EnvironmentError` where the server cannot be reached or no database is empty.
 */
export async function useRedis(options: UseRedisOptions): Promise<RedisServer> {
  const { url, runId, slotIndex, signal } = options;
  assertRedisUrl(url);
  const owner = `${runId}-${slotIndex}`;
  const { ours, entry } = await takeDatabase(options, owner).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(`Cannot use Redis at ${new URL(url).host}: ${(cause as Error).message}`, {
      hint: 'services.redis.url needs a reachable server with numbered databases (no cluster).',
      cause,
    });
  });
  let remembered: Keyspace | undefined;
  const refuse = (fault: string) => (): never => {
    throw refuseFault(fault, 'redis', url);
  };

  return {
    url: ours,
    external: true,
    pid: undefined,
    ready: (waiting) => withRedis(ours, waiting, async (redis) => void (await redis.ping())),
    snapshot: (running) =>
      withRedis(ours, running, async (redis) => {
        remembered = await readKeyspace(redis);
      }),
    async reset(running) {
      const wanted = remembered;
      if (wanted === undefined) throw new ChaosError('RESET_FAILED', 'Cannot reset Redis: no snapshot was taken');
      await withRedis(ours, running, async (redis) => {
        // Put the key back at once, so that the database never looks free.
        await redis.multi().flushdb().set(OWNER_KEY, owner).exec();
        await restoreKeyspace(redis, wanted);
        assertSame(wanted, await readKeyspace(redis), Number(new URL(ours).pathname.slice(1)));
      });
    },
    logTail: () => '',
    kill: refuse('kill'),
    stop: refuse('stop'),
    restart: refuse('restart'),
    exhaustClients: refuse('exhaustClients'),
    movableClock: async () => refuse('movableClock')(),
    clockOffset: refuse('clockOffset'),
    async [Symbol.asyncDispose]() {
      await flushDatabase({ url: ours, owner });
      entry.settle();
    },
  };
}

async function takeDatabase(
  { url, journal, signal }: UseRedisOptions,
  owner: string,
): Promise<{ ours: string; entry: ReturnType<Journal['record']> }> {
  return await withRedis(url, signal, async (redis) => {
    for (let index = 1; index <= 15; index += 1) {
      await redis.select(index);
      if ((await redis.dbsize()) > 0) continue;
      const candidate = new URL(url);
      candidate.pathname = `/${index}`;
      const record = journal.record(
        {
          kind: 'call',
          module: packageEntry('redis/flush-database.js'),
          export: 'flushDatabase',
          data: { url: candidate.href, owner },
        },
        `Redis database ${index}`,
      );
      if (await claim(redis, owner)) return { ours: candidate.href, entry: record };
      record.settle();
    }
    throw new EnvironmentError(`Cannot use Redis at ${new URL(url).host}: none of its databases 1 to 15 is empty`, {
      hint: 'Empty one, or leave services.redis.url out to get a server of our own.',
    });
  });
}

/** True if no other client claimed the database first or wrote to it before. */
async function claim(redis: Redis, owner: string): Promise<boolean> {
  if ((await redis.setnx(OWNER_KEY, owner)) === 0) return false;
  if ((await redis.dbsize()) === 1) return true;
  await redis.del(OWNER_KEY);
  return false;
}

// Its password is masked from here on.
function assertRedisUrl(url: string): void {
  markSecretsIn(url);
  if (!/^rediss?:\/\//.test(url))
    throw new TypeError(
      `Cannot use Redis: url must start with redis://, current value is ${JSON.stringify(redact(url))}`,
    );
}
