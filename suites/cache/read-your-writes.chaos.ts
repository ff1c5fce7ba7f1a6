import { test, expect, seeded } from '@chaos/suite-drivers';
import { keyspaceHits } from './keyspace-hits.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

const WRITE_SHARE = 0.3;
// Enough writes that each client returns to its own several times, however slow the machine is.
const STEPS_PER_SESSION = 20;

test(
  'nobody reads what is older than their own last write',
  {
    id: 'C01',
    purpose:
      'The cache may not bring back what a session has overwritten, whoever else reads and writes the same keys.',
    tag: ['@cache', '@consistency'],
    catches: ['no-invalidation'],
  },
  async ({ target, redis, load, config }) => {
    const ids = Array.from({ length: Math.max(2, Math.ceil(config.concurrentRequests / 10)) }, (_, index) =>
      seeded.document(index),
    );
    await load.warmUp({ run: ({ iteration }) => target.read(ids[iteration % ids.length] as string) });
    const server = await redis.connect();
    await untilReadThroughRedis(target, ids[0] as string, server, config);
    const hitsBefore = await keyspaceHits(server);

    let readsOfOwn = 0;
    // By worker, then by document: the version of the last write acknowledged to this worker.
    const sessions = Array.from({ length: config.concurrentRequests }, () => new Map<string, number>());
    const result = await load.closed({
      run: async ({ worker, iteration, random }) => {
        const session = sessions[worker] as Map<string, number>;
        const id = random.pick(ids);
        const acknowledged = session.get(id) ?? 0;
        if (random.next() >= WRITE_SHARE) {
          const { version } = await target.read(id);
          if (acknowledged > 0) readsOfOwn += 1;
          return { id, acknowledged, version };
        }
        const { version } = await target.write(id, `write ${iteration} of session ${worker}`);
        session.set(id, Math.max(version, session.get(id) ?? 0));
        return { id, acknowledged, version };
      },
      right: ({ acknowledged, version }) => version >= acknowledged,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests * STEPS_PER_SESSION,
      jitterMs: config.jitterMs,
    });
    expect(result).toHaveNoWrongResult();
    expect(result).toHaveErrorRatioBelow(0.1);
    if (readsOfOwn < config.concurrentRequests)
      test.inconclusive(`Only ${readsOfOwn} reads of what the session had written itself`);
    const hits = (await keyspaceHits(server)) - hitsBefore;
    if (hits < ids.length)
      test.inconclusive(`Redis found ${hits} keys for ${ids.length} documents: it was not read through`);
  },
);
