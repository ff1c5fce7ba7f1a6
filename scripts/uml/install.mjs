import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { unpackPackages } from './debian-packages.mjs';

/** Debian packages of the tools, by a program in them. */
const TOOLS = { modprobe: 'kmod', nft: 'nftables', tc: 'iproute2' };
/**
 * Older kernels than 6.13 save 2,696 bytes of registers, and do not boot on processors that have more (AMX): so not the
 * kernel of the machine's own release.
 */
const NEW_DEBIAN =
  'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian forky main';
const KERNEL_PACKAGES = ['user-mode-linux', 'libc6'];
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
const LOADER = '/lib64/ld-linux-x86-64.so.2';
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
 * Gets User-Mode Linux and its modules into the cache, and the tools of the guest where the machine has none; nothing
 * is installed. Resolves to `{ kernel, modules, path }` (`path`: folders to search first), or to `{ missing }`.
 */
export async function userModeLinux() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chaos', 'user-mode-linux-3');
  const wrappers = join(cache, 'run');
  const absent = () =>
    Object.keys(TOOLS).filter((tool) => ![...FOLDERS, wrappers].some((folder) => existsSync(join(folder, tool))));
  const kernel = join(wrappers, 'linux.uml');
  // Other tools may have been missing when the cache was filled.
  if (!existsSync(kernel) || absent().length > 0) {
    const failure = await fill(cache, absent());
    if (failure !== '') return { missing: failure };
  }
  return { kernel, modules: join(cache, 'kernel/root/usr/lib/uml/modules'), path: [wrappers] };
}

/** Rebuilds the cache; returns the error, or the empty string. */
async function fill(cache, tools) {
  const folder = `${cache}.${randomUUID()}`;
  try {
    mkdirSync(join(folder, 'run'), { recursive: true });
    const kernelFailure = await unpackPackages(join(folder, 'kernel'), KERNEL_PACKAGES, NEW_DEBIAN);
    if (kernelFailure !== '') return `the kernel (${KERNEL_PACKAGES.join(', ')} of Debian forky):\n${kernelFailure}`;
    wrapKernel(folder, cache);
    if (tools.length > 0) {
      const packages = tools.map((tool) => TOOLS[tool]);
      const failure = await unpackPackages(folder, packages);
      if (failure !== '') return `${tools.join(', ')}: apt-get install ${packages.join(' ')} (Debian)\n${failure}`;
      for (const tool of tools) wrapTool(folder, cache, tool);
    }
    rmSync(cache, { recursive: true, force: true });
    renameSync(folder, cache);
    return '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The kernel needs a newer C library than the machine's, with its own loader. A loader that is called with a program
// leaves its heap elsewhere, where this kernel wants its memory: so the program names the loader, in its own folder.
function wrapKernel(folder, cache) {
  const file = 'kernel/root/usr/bin/linux.uml';
  const program = readFileSync(join(folder, file));
  const at = program.indexOf(`${LOADER}\0`);
  if (at < 0) throw new Error(`Cannot prepare ${file}: it does not name ${LOADER}`);
  program.fill(0, at, at + LOADER.length);
  program.write('./ld-linux-x86-64.so.2', at);
  writeFileSync(join(folder, file), program);
  const libraries = join(cache, 'kernel/root', LIBRARIES);
  writeFileSync(
    join(folder, 'run/linux.uml'),
    `#!/bin/sh\ncd '${libraries}' && LD_LIBRARY_PATH='${libraries}' exec '${join(cache, file)}' "$@"\n`,
    { mode: 0o755 },
  );
}

// Only this program gets the path of its libraries.
function wrapTool(folder, cache, tool) {
  const inside = INSIDE.find((place) => lstatSync(join(folder, 'root', place, tool), { throwIfNoEntry: false }));
  if (inside === undefined) return;
  const unpacked = join(folder, 'root', inside, tool);
  // modprobe is a link to /bin/kmod: use the unpacked one, not the machine's.
  if (lstatSync(unpacked).isSymbolicLink() && readlinkSync(unpacked).startsWith('/')) {
    const target = join(folder, 'root', readlinkSync(unpacked));
    rmSync(unpacked);
    symlinkSync(relative(dirname(unpacked), target), unpacked);
  }
  const libraries = readdirSync(join(folder, 'root'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.includes('.so'))
    .map(({ parentPath }) => parentPath.replace(folder, cache));
  writeFileSync(
    join(folder, 'run', tool),
    `#!/bin/sh\nLD_LIBRARY_PATH='${[...new Set(libraries)].join(':')}' exec ` +
      `'${join(cache, 'root', inside, tool)}' "$@"\n`,
    { mode: 0o755 },
  );
}
