import type { HistoryProcess } from '../../record/history-process.js';
import { counting } from '../counting.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { redisCall } from './redis-operations.js';
import { removeKeys, type RedisWorkloadOptions } from './redis-workload-options.js';

/** A queue in a list (RPUSH, LPOP): what was put in comes out, once, after the queue is drained in the end. */
export function redisQueue(client: RedisClient, { seed, prefix = 'chaos:queue:' }: RedisWorkloadOptions): Workload {
  const elements = counting(seed, 'queue');
  const dequeue = (process: HistoryProcess): Promise<number | null> =>
    process.run('dequeue', null, async () => {
      const element = (await redisCall(client, 'lpop', `${prefix}list`)) as string | null;
      return element === null ? null : Number(element);
    });
  return {
    name: 'queue',
    check: { model: 'total-queue' },
    setup: () => removeKeys(client, prefix),
    step(process) {
      if (elements.random.next() < 0.5) return dequeue(process);
      const element = elements.next();
      return process.run(
        'enqueue',
        element,
        async () => void (await redisCall(client, 'rpush', `${prefix}list`, element)),
      );
    },
    async finish(process) {
      while ((await dequeue(process)) !== null);
    },
  };
}
