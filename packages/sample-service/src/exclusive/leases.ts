import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ServiceError } from '../service-error.js';

/** A lock with an end. Whoever holds it may be late: what it protects has to check the fence. */
export interface Lease {
  release(): Promise<void>;
}

/** Leases of names. */
export interface Leases {
  /** @throws ServiceError `BUSY` when another has it, `UNAVAILABLE` when nobody can tell. */
  take(name: string): Promise<Lease>;
  close(): void;
}

/** Options of {@link createLeases}; times in milliseconds. */
export interface LeaseOptions {
  readonly url: string;
  readonly ttlMs: number;
  readonly commandTimeoutMs: number;
}

// Another may have it by now: only the holder's own entry is removed.
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Leases in Redis, `lease:<name>`. The connection is made when the first one is taken. */
export function createLeases({ url, ttlMs, commandTimeoutMs }: LeaseOptions): Leases {
  let redis: Promise<Redis> | undefined;
  const connect = async (): Promise<Redis> => {
    const { Redis: Client } = await import('ioredis');
    const client = new Client(url, { commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 1 });
    client.on('error', () => {});
    return client;
  };
  return {
    async take(name) {
      const [key, holder] = [`lease:${name}`, randomUUID()];
      const client = await (redis ??= connect());
      const taken = await client.set(key, holder, 'PX', ttlMs, 'NX').catch((cause: unknown) => {
        throw new ServiceError('UNAVAILABLE', 'Cannot take the lease: Redis does not answer', { cause });
      });
      if (taken !== 'OK') throw new ServiceError('BUSY', `"${name}" is being worked on`);
      return { release: async () => void (await client.eval(RELEASE, 1, key, holder).catch(() => {})) };
    },
    close: () => void redis?.then((client) => client.disconnect()),
  };
}
