import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { command } from '../command.mjs';

/** Debian packages by a program in them. */
const PROGRAMS = { 'linux.uml': 'user-mode-linux', modprobe: 'kmod', nft: 'nftables', tc: 'iproute2' };
const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/bin',
  '/bin',
];

/**
 * Finds User-Mode Linux, its modules and the tools that go with it; gets what is missing: installed where this is root,
 * else unpacked into the cache. Resolves to `{ kernel, modules, path }` (`path`: folders to search first), or to `{
 * missing }`.
 */
export async function userModeLinux() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chaos', 'user-mode-linux');
  const unpacked = ['usr/bin', 'usr/sbin', 'sbin', 'bin'].map((folder) => join(cache, folder));
  const find = (program) =>
    [...FOLDERS, ...unpacked].map((folder) => join(folder, program)).find((file) => existsSync(file));
  const absent = () => Object.keys(PROGRAMS).filter((program) => !find(program));
  if (absent().length > 0)
    await getPackages(
      absent().map((program) => PROGRAMS[program]),
      cache,
    );
  if (absent().length > 0)
    return {
      missing: `${absent().join(', ')}: apt-get install ${absent()
        .map((program) => PROGRAMS[program])
        .join(' ')} (Debian)`,
    };
  const kernel = find('linux.uml');
  const modules = ['/usr/lib/uml/modules', join(cache, 'usr/lib/uml/modules')].find(
    (folder) => existsSync(folder) && readdirSync(folder).length > 0,
  );
  return modules === undefined
    ? { missing: 'the modules of User-Mode Linux (/usr/lib/uml/modules): apt-get install --reinstall user-mode-linux' }
    : { kernel, modules, path: unpacked };
}

async function getPackages(packages, cache) {
  const apt = (...words) =>
    command(['apt-get', ...words], { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 120_000 });
  if (process.getuid() === 0) {
    await apt('update', '-qq');
    await apt('install', '--yes', '--no-install-recommends', '-qq', ...packages);
    return;
  }
  // Libraries of nft are not in its package: where it is missing, only an administrator can help.
  const folder = `${cache}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const { code } = await command(
    [
      'sh',
      '-c',
      'cd "$1" && shift && apt-get download -qq "$@" && for deb in *.deb; do dpkg -x "$deb" . && rm "$deb"; done',
      'get',
      folder,
      ...packages,
    ],
    { timeoutMs: 120_000 },
  );
  if (code === 0 && !existsSync(cache)) renameSync(folder, cache);
  else rmSync(folder, { recursive: true, force: true });
}
