import { expect, test, type Jwks } from '../drivers/index.js';

// The shortest cool-down that a target may have.
const COOLDOWN_MS = 100;

/**
 * Judges the number of fetches of keys during a load: at least one, and few for its length. A slow machine allows more
 * of them, so this fails for no machine; where it allows as many as there are tokens the test is inconclusive.
 *
 * `apartMs`: one fetch begins so long after another, at least. Default: the shortest cool-down. Longer where a fetch
 * takes that long, for there is one at a time.
 */
export async function expectFewFetches(
  {
    jwks,
    tokens,
    apartMs = COOLDOWN_MS,
  }: { readonly jwks: Pick<Jwks, 'requests'>; readonly tokens: number; readonly apartMs?: number },
  load: () => Promise<void>,
): Promise<void> {
  const before = await jwks.requests();
  const startedMs = performance.now();
  await load();
  const fetches = (await jwks.requests()) - before;
  const most = 2 + Math.ceil((performance.now() - startedMs) / apartMs);
  if (fetches === 0) test.inconclusive('The target fetched no keys meanwhile');
  if (most >= tokens) test.inconclusive(`${tokens} tokens took so long that as many fetches are allowed`);
  expect({ fetches, isFew: fetches <= most }).toBeInvariant({ fetches, isFew: true });
}
