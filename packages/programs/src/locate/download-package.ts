import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abortWithin, EnvironmentError, makeFolder } from '@chaos/spec';
import { buildOnce } from '../cache/build-once.js';
import { findExecutable } from '../run/find-executable.js';
import { runCommand } from '../run/run-command.js';

/** A program that can be run. A type, for it is sent as JSON. */
export type Program = {
  readonly executable: string;
  /** Folders for `LD_LIBRARY_PATH`; empty for an installed program. */
  readonly libraryFolders: readonly string[];
};

/** A program, and the Debian packages that contain it. */
export interface ProgramPackage {
  /** Name for messages, and of the folder in the cache. */
  readonly name: string;
  readonly what: string;
  /** Candidates; the first available one is used. */
  readonly packages: readonly string[];
  /** Paths of the program in the package; the first that exists is used. */
  readonly programs: readonly string[];
}

const BUDGET_MS = 120_000;
/** Short, because a machine without a network would wait for apt again in every slot. */
const REMEMBER_FAILURE_MS = 60_000;

/**
 * Downloads a Debian package and the libraries that this system lacks, and unpacks them below `cache`. Uses apt's
 * signature check with a separate apt state. Needs no root, installs nothing.
 */
export async function downloadPackage(wanted: ProgramPackage, cache: string, signal: AbortSignal): Promise<Program> {
  const directory = join(cache, `${wanted.name}-${process.arch}`);
  const failure = `${directory}.failed`;
  if (!existsSync(directory)) await throwIfFailedLately(failure);
  using limited = abortWithin(signal, BUDGET_MS);
  try {
    await buildOnce({ directory, signal: limited, build: (temporary) => build(wanted, temporary, limited) });
  } catch (error) {
    signal.throwIfAborted();
    await writeFile(failure, (error as Error).message);
    throw error;
  }
  return await programIn(wanted, directory);
}

async function build(wanted: ProgramPackage, directory: string, signal: AbortSignal): Promise<void> {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    if (findExecutable(tool) === undefined)
      throw new EnvironmentError(`Cannot download ${wanted.what}: there is no ${tool} here`);
  }
  const state = join(directory, 'apt');
  makeFolder(join(state, 'lists/partial'), 0o755);
  makeFolder(join(state, 'cache/archives/partial'), 0o755);
  const options = {
    what: `download ${wanted.what}`,
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    signal,
  };
  const apt = [
    'apt-get',
    '-qq',
    ...Object.entries(aptSettings(state)).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ] as [string, ...string[]];

  // `apt-get update` fails if any source fails; all that counts is whether the package can be downloaded.
  const update = await runCommand([...apt, 'update'], options).catch((error: Error) => error);
  signal.throwIfAborted();
  await downloadOne(wanted, apt, options).catch((error: Error) => {
    throw update instanceof Error ? update : error;
  });
  for (const name of await readdir(join(state, 'cache/archives'))) {
    if (name.endsWith('.deb'))
      await runCommand(['dpkg-deb', '-x', join(state, 'cache/archives', name), join(directory, 'root')], {
        ...options,
        what: `unpack ${wanted.what}`,
      });
  }
  await rm(state, { recursive: true });
  await runCommand(['chmod', '-R', 'u+rwX,go+rX,go-w', directory], options);
  const { executable, libraryFolders } = await programIn(wanted, directory);
  await runCommand([executable, '--version'], {
    ...options,
    what: `run the downloaded ${wanted.what}`,
    env: { LD_LIBRARY_PATH: libraryFolders.join(':') },
  });
}

async function downloadOne(
  { packages }: ProgramPackage,
  apt: readonly [string, ...string[]],
  options: Parameters<typeof runCommand>[1],
): Promise<void> {
  let first: unknown;
  for (const name of packages) {
    try {
      // Even if the system has it: it may lie where nobody looks.
      const how = ['--yes', '--no-install-recommends', '--reinstall', '--download-only'];
      await runCommand([...apt, ...how, 'install', name], options);
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      first ??= error;
    }
  }
  throw first;
}

function aptSettings(state: string): Readonly<Record<string, string>> {
  return {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    // The system's own list of installed packages: libraries in it need no download.
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(state, 'cache'),
    'Dir::Log': state,
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
  };
}

async function programIn({ what, programs }: ProgramPackage, directory: string): Promise<Program> {
  const executable = programs.map((path) => join(directory, 'root', path)).find((file) => existsSync(file));
  if (executable === undefined) throw new EnvironmentError(`Cannot find ${what} in ${join(directory, 'root')}`);
  const libraryFolders = new Set<string>();
  for (const entry of await readdir(join(directory, 'root'), { recursive: true, withFileTypes: true })) {
    if (entry.name.includes('.so')) libraryFolders.add(entry.parentPath);
  }
  return { executable, libraryFolders: [...libraryFolders] };
}

async function throwIfFailedLately(file: string): Promise<void> {
  if (!existsSync(file)) return;
  if (Date.now() - (await stat(file)).mtimeMs < REMEMBER_FAILURE_MS)
    throw new EnvironmentError(`${await readFile(file, 'utf8')} (tried less than a minute ago)`);
  await rm(file, { force: true });
}
