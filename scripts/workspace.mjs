import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** The members below `folder` (`packages`, `suites`): name, short name, path relative to the root, manifest. */
export function members(folder) {
  return readdirSync(`${root}/${folder}`)
    .sort()
    .filter((short) => existsSync(`${root}/${folder}/${short}/package.json`))
    .map((short) => member(`${folder}/${short}`));
}

/** One member by its folder, as {@link members} gives it. */
export function member(path) {
  const manifest = JSON.parse(readFileSync(`${root}/${path}/package.json`, 'utf8'));
  return { short: path.split('/').at(-1), name: manifest.name, path, manifest };
}

/** The packages that are published. */
export const publicPackages = () => members('packages').filter(({ manifest }) => !manifest.private);
