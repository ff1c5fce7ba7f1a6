import { root } from '../workspace.mjs';

const LIMIT_MS = 240_000;

/**
 * The product's cache on this machine, with the programs that it would download: the guest has no network. Needs the
 * build. Rejects if they cannot be had.
 */
export async function fillCache() {
  const { cacheDirectory, serviceAccount } = await built('programs');
  const { locateRedis } = await built('services', 'redis/');
  await locateRedis({ signal: AbortSignal.timeout(LIMIT_MS) });
  return cacheDirectory(undefined, serviceAccount());
}

function built(name, folder = '') {
  return import(`${root}/packages/${name}/dist/${folder}index.js`);
}
