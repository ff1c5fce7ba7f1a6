import type { Redis } from '../drivers/index.js';

type Client = Awaited<ReturnType<Redis['connect']>>;

/**
 * Keys under which Redis holds a value with this text: where a target keeps a document, whatever it calls it. Reads all
 * keys, so only for a Redis of tests.
 */
export async function cachedKeys(server: Client, text: string): Promise<readonly string[]> {
  const keys = await server.keys('*');
  const values = await Promise.all(keys.map((key) => server.get(key).catch(() => null)));
  return keys.filter((_, index) => values[index]?.includes(text) === true);
}

/** Times to live of these keys, ms. @throws never: -1 stands for none, -2 for a key that is gone */
export async function timesToLive(server: Client, keys: readonly string[]): Promise<readonly number[]> {
  return Promise.all(keys.map((key) => server.pttl(key)));
}
