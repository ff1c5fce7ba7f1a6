import { delimiter } from 'node:path';
import { locateNft } from '@chaos/programs';

// Tests must not depend on what somebody has installed: without a system nft they use the one that the product itself
// would get, from Debian's package in the cache. Where it cannot be had at all, tests that need it are skipped; CI
// takes that for a failure.
export default async function provideNft() {
  try {
    const folder = await locateNft({ signal: AbortSignal.timeout(150_000) });
    process.env.PATH = [process.env.PATH, folder].join(delimiter);
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`${error.message}\n${error.hint}\nTests that need nft are skipped.\n`);
  }
}
