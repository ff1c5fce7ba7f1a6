import { untilSeen, type ResolvedConfig, type SampleTarget } from '@chaos/suite-drivers';
import { keyspaceHits } from './keyspace-hits.js';

/**
 * Waits until a read of the document is a hit by Redis's own count: after an earlier test's outage the target may not
 * have reconnected yet.
 */
export async function untilReadThroughRedis(
  target: SampleTarget,
  id: string,
  server: Parameters<typeof keyspaceHits>[0],
  config: ResolvedConfig,
): Promise<void> {
  const hit = async (): Promise<boolean> => {
    const before = await keyspaceHits(server);
    await target.read(id);
    return (await keyspaceHits(server)) > before;
  };
  await untilSeen('reads through Redis', hit, config.timeoutMs);
}
