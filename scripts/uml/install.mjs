import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
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
const INSIDE = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];

/**
 * Finds User-Mode Linux, its modules and its tools. Missing ones are unpacked into the cache; nothing is installed.
 * Resolves to `{ kernel, modules, path }` (`path`: folders to search first), or to `{ missing }`.
 */
export async function userModeLinux() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chaos', 'user-mode-linux-2');
  const find = (program) => [...FOLDERS, join(cache, 'run')].map((folder) => join(folder, program)).find(existsSync);
  const absent = () => Object.keys(PROGRAMS).filter((program) => !find(program));
  let failure = '';
  // Other programs may have been missing when the cache was filled.
  if (absent().length > 0) failure = await fill(cache, absent());
  if (absent().length > 0)
    return {
      missing: `${absent().join(', ')}: apt-get install ${absent()
        .map((program) => PROGRAMS[program])
        .join(' ')} (Debian)${failure && `\n${failure}`}`,
    };
  const modules = [join(cache, 'root/usr/lib/uml/modules'), '/usr/lib/uml/modules'].find(
    (folder) => existsSync(folder) && readdirSync(folder).length > 0,
  );
  return modules === undefined
    ? { missing: 'the modules of User-Mode Linux (/usr/lib/uml/modules): apt-get install --reinstall user-mode-linux' }
    : { kernel: find('linux.uml'), modules, path: [join(cache, 'run')] };
}

/** Rebuilds the cache; returns the error, or the empty string. */
async function fill(cache, programs) {
  const folder = `${cache}.${randomUUID()}`;
  try {
    mkdirSync(join(folder, 'run'), { recursive: true });
    const failure = await download(
      folder,
      programs.map((program) => PROGRAMS[program]),
    );
    if (failure !== '') return failure;
    for (const program of programs) wrap(folder, cache, program);
    rmSync(cache, { recursive: true, force: true });
    renameSync(folder, cache);
    return '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// As in the product: apt checks the signatures, with a separate state, and gets missing libraries.
async function download(folder, packages) {
  const state = join(folder, 'apt');
  for (const needed of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, needed), { recursive: true });
  const settings = {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(state, 'cache'),
    'Dir::Log': state,
    'APT::Sandbox::User': process.getuid() === 0 ? 'root' : '',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
  };
  const apt = ['apt-get', '-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  // `apt-get update` fails if any source fails; all that counts is whether the packages can be downloaded.
  const updated = await command([...apt, 'update'], { env, timeoutMs: 120_000 });
  const got = await command(
    [...apt, '--yes', '--no-install-recommends', '--reinstall', '--download-only', 'install', ...packages],
    { env, timeoutMs: 120_000 },
  );
  if (got.code !== 0) return `${updated.output}${got.output}`.trim();
  const archives = join(state, 'cache/archives');
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    const { code, output } = await command(['dpkg-deb', '-x', join(archives, name), join(folder, 'root')]);
    if (code !== 0) return output;
  }
  rmSync(state, { recursive: true, force: true });
  return '';
}

// Only this program gets the path of its libraries.
function wrap(folder, cache, program) {
  const inside = INSIDE.find((place) => lstatSync(join(folder, 'root', place, program), { throwIfNoEntry: false }));
  if (inside === undefined) return;
  const unpacked = join(folder, 'root', inside, program);
  // modprobe is a link to /bin/kmod: use the unpacked one, not the machine's.
  if (lstatSync(unpacked).isSymbolicLink() && readlinkSync(unpacked).startsWith('/')) {
    const target = join(folder, 'root', readlinkSync(unpacked));
    rmSync(unpacked);
    symlinkSync(relative(dirname(unpacked), target), unpacked);
  }
  const libraries = readdirSync(join(folder, 'root'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.includes('.so'))
    .map(({ parentPath }) => parentPath.replace(folder, cache));
  const file = join(folder, 'run', program);
  writeFileSync(
    file,
    `#!/bin/sh\nLD_LIBRARY_PATH='${[...new Set(libraries)].join(':')}' exec '${join(cache, 'root', inside, program)}' "$@"\n`,
  );
  chmodSync(file, 0o755);
}
