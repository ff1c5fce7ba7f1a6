import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { homeFolder } from '@chaos/env/private';

/**
 * Replays a `remove` recipe. A journal may be damaged, so this refuses paths that no run creates: relative paths,
 * folders at the root, and any folder that contains the home, the working or the temporary folder.
 */
export async function removePath(path: string): Promise<void> {
  if (typeof path !== 'string' || !isAbsolute(path) || normalize(path) !== path || path.includes('\0'))
    throw refusal(path, 'it is no plain absolute path');
  if (dirname(path) === '/') throw refusal(path, 'it stands at the root');
  const real = join(realOf(dirname(path)), basename(path));
  const home = homeFolder();
  const folders = [...(home === undefined ? [] : [home]), process.cwd(), tmpdir(), '/tmp', '/dev/shm'];
  for (const precious of folders.map(realOf)) {
    if (precious === real || precious.startsWith(real + sep)) throw refusal(path, `it holds ${precious}`);
  }
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function refusal(path: unknown, why: string): RangeError {
  return new RangeError(`Cannot remove ${JSON.stringify(path)}: ${why}`);
}
