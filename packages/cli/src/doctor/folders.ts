import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nearestExisting } from '../report-folder.js';
import { failed, type Check } from './check.js';

/** Space for a PostgreSQL with its data, for two slots, and for the results. */
const NEEDED_MIB = 512;

/** Checks, by writing a file, that the folders a run uses are writable and have space. */
export async function checkFolders(outputDir: string): Promise<Check[]> {
  return Promise.all([checkFolder('temporary files', tmpdir()), checkFolder('results', nearestExisting(outputDir))]);
}

async function checkFolder(what: string, path: string): Promise<Check> {
  const name = `folder for ${what}`;
  try {
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
    return {
      ...failed(name, error),
      fix:
        what === 'results'
          ? 'Make it writable, or choose another with --output.'
          : 'Make it writable, or set TMPDIR to another.',
    };
  }
}
