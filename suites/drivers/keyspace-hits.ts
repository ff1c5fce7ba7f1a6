/** Number of keys that Redis has found since its start, by its own count: evidence that reads go through it. */
export async function keyspaceHits(redis: { info(section: 'stats'): Promise<string> }): Promise<number> {
  return Number(/^keyspace_hits:(\d+)/m.exec(await redis.info('stats'))?.[1]);
}
