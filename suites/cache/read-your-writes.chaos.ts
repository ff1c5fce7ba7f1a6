import { keyspaceHits, test, expect, seeded } from '../drivers/index.js';
import { createTextLog, type TextLog } from './text-log.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

const WRITE_SHARE = 0.3;
// Enough writes that each client returns to its own several times, however slow the machine is.
const STEPS_PER_SESSION = 24;

test(
  'nobody reads what is older than their own last write',
  {
    id: 'C01',
    purpose:
      'The cache may not bring back what a session has overwritten, whoever else reads and writes the same keys.',
    tag: ['@cache', '@consistency'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['no-invalidation', 'fill-after-invalidation', 'invalidate-before-commit'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = Array.from({ length: Math.max(2, Math.ceil(config.concurrentRequests / 10)) }, (_, index) =>
      seeded.document(index),
    );
    await load.warmUp({ run: ({ iteration }) => target.read(ids[iteration % ids.length] as string) });
    const server = await redis.connect();
    await untilReadThroughRedis(target, ids[0] as string, server);
    const hitsBefore = await keyspaceHits(server);

    // A load that a write overtakes then meets the invalidation with its fill.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 15, jitterMs: 15 }));
    let readsOfOwn = 0;
    const logs = new Map(ids.map((id) => [id, createTextLog()]));
    // By worker: the documents that it has written.
    const sessions = Array.from({ length: config.concurrentRequests }, () => new Set<string>());
    const result = await load.closed({
      run: async ({ worker, iteration, random }) => {
        const session = sessions[worker] as Set<string>;
        const id = random.pick(ids);
        const log = logs.get(id) as TextLog;
        if (random.next() >= WRITE_SHARE || log.isBusy()) {
          const isOfOwn = session.has(id);
          const seen = await log.read(target.read(id));
          if (isOfOwn) readsOfOwn += 1;
          return { id, ...seen };
        }
        const text = `write ${iteration} of session ${worker}`;
        await log.written(text, target.write(id, text));
        session.add(id);
        return { id, text, isCurrent: true };
      },
      right: ({ isCurrent }) => isCurrent,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests * STEPS_PER_SESSION,
      jitterMs: config.jitterMs,
    });
    expect(result).toHaveNoWrongResult();
    expect(result).toHaveErrorRatioBelow(0.1);
    await slow.heal();
    for (const [id, log] of logs) {
      const current = async (): Promise<void> =>
        expect((await log.read(target.read(id))).isCurrent).toBeInvariant(true);
      await expect(current).toRecoverWithin({ timeoutMs: config.timeoutMs, what: `reads of ${id}` });
    }
    if (readsOfOwn < config.concurrentRequests)
      test.inconclusive(`Only ${readsOfOwn} reads of what the session had written itself`);
    const hits = (await keyspaceHits(server)) - hitsBefore;
    if (hits < ids.length)
      test.inconclusive(`Redis found ${hits} keys for ${ids.length} documents: it was not read through`);
  },
);
