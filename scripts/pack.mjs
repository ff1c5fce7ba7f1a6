import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { command, pnpm } from './command.mjs';
import { root } from './workspace.mjs';

// Packing takes seconds, so do not wait for a pnpm that asks a question or hangs.
const PACK_MS = 60_000;

/** Packs one package, which has been built, as the registry would get it; returns the tarball's path. */
export async function pack({ path, short }, folder) {
  const destination = `${folder}/${short}`;
  await mkdir(destination, { recursive: true });
  const { code, output } = await command([...pnpm, 'pack', '--pack-destination', destination], {
    cwd: `${root}/${path}`,
    env: { CHAOS_PACKAGES_BUILT: '1' },
    timeoutMs: PACK_MS,
  });
  const file = readdirSync(destination).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || file === undefined) throw new Error(`Cannot pack ${path}:\n${output}`);
  return `${destination}/${file}`;
}
