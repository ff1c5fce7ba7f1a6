import { keyspaceHits, until, type SuiteTarget } from '../drivers/index.js';

/**
 * Waits until a read of the document is a hit by Redis's own count: after an earlier test's outage the target may not
 * have reconnected yet.
 */
export async function untilReadThroughRedis(
  target: SuiteTarget,
  id: string,
  server: Parameters<typeof keyspaceHits>[0],
): Promise<void> {
  const hit = async (): Promise<boolean> => {
    const before = await keyspaceHits(server);
    await target.read(id);
    return (await keyspaceHits(server)) > before;
  };
  await until('reads through Redis', hit);
}
