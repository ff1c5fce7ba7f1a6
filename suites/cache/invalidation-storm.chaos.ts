import { expect, seeded, test } from '../drivers/index.js';
import { documentStorm } from './storm.js';

const DOCUMENTS = 3;

test(
  'a storm of writes costs the database about one load a write',
  {
    id: 'C02',
    purpose: 'However many read what was just written: they share the loads, and nobody sees an older value.',
    tag: ['@cache', '@load'],
    needs: ['metrics', 'read', 'write'],
    services: ['postgres', 'redis'],
    catches: ['stampede', 'no-invalidation', 'invalidate-before-commit'],
  },
  async ({ target, link, inject, load, config }) => {
    const ids = Array.from({ length: DOCUMENTS }, (_, index) => seeded.document(index));
    const storm = documentStorm(target, { ids, writeShare: 0.12, concurrency: config.concurrentRequests });
    await load.warmUp({ run: ({ iteration }) => target.read(ids[iteration % DOCUMENTS] as string) });
    // So that those who miss the same document are under way together.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 10, jitterMs: 5 }));
    const { loads } = (await target.metrics()).cache;
    const result = await load.closed({ ...storm.load, operations: Math.max(400, config.concurrentRequests * 10) });
    const caused = (await target.metrics()).cache.loads - loads;
    await slow.heal();
    expect(result).toHaveNoWrongResult();
    expect(result).toHaveErrorRatioBelow(0.1);
    // A load that a write overtook is done again.
    const most = 2 * storm.writes() + 2 * DOCUMENTS;
    if (storm.reads() < most) test.inconclusive(`${storm.reads()} reads are too few beside ${storm.writes()} writes`);
    expect({ loads: caused, areFew: caused <= most }).toBeInvariant({ loads: caused, areFew: true });
    const read = () => target.read(ids[0] as string);
    await expect(read).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads after the storm' });
  },
);
