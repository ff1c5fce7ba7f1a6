import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, serviceAccount } from '@chaos/programs';
import type { ResolvedConfig } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { nearestExisting } from '../reporters/report-folder.js';
import { reportPlaces } from '../reporters/report-places.js';
import { reporterNames } from '../reporters/reporter-names.js';
import { failed, type Check } from './check.js';

/** Space for a PostgreSQL with its data, for two slots, and for the results. */
const NEEDED_MIB = 512;

interface Folder {
  readonly what: string;
  /** Throws where it cannot be had. */
  readonly path: () => string;
  readonly fix: string;
  /** Of a folder that a run can do without. */
  readonly status?: 'warn';
}

/** Checks, by writing a file, that the folders a run uses are writable and have space. */
export async function checkFolders(config: ResolvedConfig, context: CliContext): Promise<Check[]> {
  return Promise.all(foldersOf(config, context).map(checkFolder));
}

function foldersOf({ services, rootDir, runner }: ResolvedConfig, context: CliContext): readonly Folder[] {
  const choices = reporterNames({ asked: undefined, added: undefined, configured: runner.reporters, rootDir }, context);
  const isNeeded = Object.values(services).some(({ url }) => url === undefined);
  return [
    { what: 'temporary files', path: tmpdir, fix: 'Make it writable, or set TMPDIR to another.' },
    {
      what: 'programs and templates',
      path: () => cacheDirectory(undefined, serviceAccount()),
      fix: 'Make it writable, or set CHAOS_CACHE_DIR to another.',
      ...(!isNeeded && { status: 'warn' }),
    },
    {
      what: 'results',
      path: () => nearestExisting(runner.outputDir),
      fix: 'Make it writable, or choose another with --output.',
    },
    ...reportPlaces(choices, { rootDir, outputDir: runner.outputDir }, context).map(({ reporter, folder }): Folder => ({
      what: `the report of ${reporter}`,
      path: () => nearestExisting(folder),
      fix: 'Make it writable, or choose another place in the options of the reporter.',
    })),
  ];
}

async function checkFolder({ what, path: find, fix, status }: Folder): Promise<Check> {
  const name = `folder for ${what}`;
  try {
    const path = find();
    const trial = await mkdtemp(join(path, '.chaos-doctor-'));
    try {
      await writeFile(join(trial, 'trial'), 'x');
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
    const { bavail, bsize } = await statfs(path);
    const freeMib = Math.floor((bavail * bsize) / 2 ** 20);
    return freeMib >= NEEDED_MIB
      ? { name, status: 'ok', detail: `${path}, ${freeMib} MiB free` }
      : {
          name,
          status: 'warn',
          detail: `${path} has ${freeMib} MiB free`,
          fix: `Free some space: ${NEEDED_MIB} MiB are enough.`,
        };
  } catch (error) {
    return { fix, ...failed(name, error, status) };
  }
}
