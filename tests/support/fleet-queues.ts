import { onTestFinished } from 'vitest';
import { Redis } from 'ioredis';
import { Queue } from 'bullmq';

interface Queues {
  add(queue: string, id: string, data: string): Promise<void>;
  /** Adds data of any shape. */
  addAny(queue: string, id: string, data: unknown): Promise<void>;
  /** Ids of what waits. */
  list(queue: string): Promise<readonly string[]>;
}

/** A stranger's way into the queues of a fleet on Redis: by BullMQ itself. */
export async function openStore(url: string): Promise<Queues> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  onTestFinished(() => connection.disconnect());
  const queueOf = (name: string): Queue => new Queue(name, { connection: connection as never, skipVersionCheck: true });
  return {
    add: async (queue, id, data) => void (await queueOf(queue).add('chaos', { data }, { jobId: `c-${id}` })),
    addAny: async (queue, id, data) => void (await queueOf(queue).add('chaos', data, { jobId: id })),
    list: async (queue) => (await queueOf(queue).getJobs(['waiting'])).map((job) => job.id ?? ''),
  };
}
