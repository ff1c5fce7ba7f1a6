import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFolder } from '@chaos/env/private';
import { EnvironmentError, makeFolder, replaceFile } from '@chaos/spec';
import { ownedByThisProcess, type RunOwner } from './run-owner.js';
import { defaultStateDirectory, reachableTemporaryDirectory } from './state-directory.js';

/** The folders of one run. */
export interface RunFolder {
  readonly runId: string;
  /** State of the run, 0700: `<state>/runs/<runId>`. */
  readonly path: string;
  /** Folder in which every process of the run opens its journal. */
  readonly journalDirectory: string;
  /** Folder for the data of services; 0755, because they may run as other users. */
  readonly dataDirectory: string;
  readonly owner: RunOwner;
  /** Removes all folders. A second call does nothing. */
  remove(): Promise<void>;
}

/**
 * Creates the folders of a run that this process owns. If it dies, the folders are found, and everything in the
 * journals is undone.
 *
 * @throws EnvironmentError when the folder for temporary files cannot be written, or the state in it may be another
 * user's
 */
export function createRunFolder({
  runId,
  argv,
  base = defaultStateDirectory(),
}: {
  readonly runId: string;
  readonly argv: readonly string[];
  readonly base?: string;
}): RunFolder {
  if (!/^[\w-]+$/.test(runId))
    throw new TypeError(
      `Cannot create a run folder: runId must be letters, digits, - and _, is ${JSON.stringify(runId)}`,
    );
  const runs = privateFolder(join(privateFolder(base), 'runs'));
  const dataDirectory = join(reachableTemporaryDirectory(), `chaos-${runId}-${randomBytes(3).toString('hex')}`);
  const owner = ownedByThisProcess({ runId, argv, dataDirectory });
  const path = join(runs, runId);
  try {
    // Appears as a whole, with its owner file, and before the data folder: so a death at any moment leaves only folders
    // that can be found and removed.
    const draft = join(runs, `.${runId}.${owner.pid}.${owner.startTime}`);
    makeFolder(join(draft, 'journals'), 0o700);
    replaceFile(join(draft, 'owner.json'), JSON.stringify(owner));
    renameSync(draft, path);
    mkdirSync(dataDirectory);
    chmodSync(dataDirectory, 0o755);
  } catch (cause) {
    throw new EnvironmentError(`Cannot create the folders of the run: ${(cause as Error).message}`, {
      cause,
      hint: 'Free some space in the folder for temporary files, or set TMPDIR to another one.',
    });
  }
  return {
    runId,
    path,
    journalDirectory: join(path, 'journals'),
    dataDirectory,
    owner,
    async remove() {
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
      await rm(join(path, 'journals'), { recursive: true, force: true });
      // Remove the owner file last: as long as anything exists, its owner is known, even if we are killed in between.
      rmSync(path, { recursive: true, force: true });
    },
  };
}
