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
  /** Where every process of the run opens its ledger. */
  readonly journalDirectory: string;
  /** Where slots put the data of their services; 0755, for they may run as other users. */
  readonly dataDirectory: string;
  readonly owner: RunOwner;
  /** Removes all of it. Twice is harmless. */
  remove(): Promise<void>;
}

/**
 * Makes the folders of a run that this process owns. When it dies they are found, and everything in the journals is
 * undone.
 *
 * @throws EnvironmentError when the folder for temporary files cannot be written, or the state in it may be somebody
 *   else's
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
    // Appears whole, with its owner in it, and before the data folder: whenever we die, what is there can be found and
    // removed.
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
      // Its owner is known as long as anything is there: nothing is left to whoever is killed in between.
      rmSync(path, { recursive: true, force: true });
    },
  };
}
