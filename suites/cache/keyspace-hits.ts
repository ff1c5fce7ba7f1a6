/** How many keys Redis has found since its start, as Redis itself counts them: evidence that reads go through it. */
export async function keyspaceHits(redis: { info(section: 'stats'): Promise<string> }): Promise<number> {
  return Number(/^keyspace_hits:(\d+)/m.exec(await redis.info('stats'))?.[1]);
}
