import { chown, mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assertReachable, runCommand, type ServiceAccount } from '@chaos/programs';
import { EnvironmentError, type Journal } from '@chaos/spec';
import { packageEntry } from '../../process/package-entry.js';
import { removeSharedMemory } from '../remove-shared-memory.js';

/** A data folder of our own server, with the shared memory that belongs to it. */
export interface DataDirectory extends AsyncDisposable {
  readonly path: string;
  /** Call it only when no process of the server is left. */
  removeSharedMemory(): Promise<void>;
}

/** Options of {@link createDataDirectory}. */
export interface DataDirectoryOptions {
  readonly template: string;
  /** Existing parent folder. */
  readonly parent: string;
  readonly name: string;
  readonly account: ServiceAccount | undefined;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

/** Copies the template. Throws `EnvironmentError` where the parent cannot be written or the account cannot enter it. */
export async function createDataDirectory({
  template,
  parent,
  name,
  account,
  journal,
  signal,
}: DataDirectoryOptions): Promise<DataDirectory> {
  const path = resolve(parent, name);
  const entries = [
    journal.record({ kind: 'remove', path }, 'data of PostgreSQL'),
    // Record this before the server runs: it may be killed between creating the segment and our reading of its id.
    // Healing reads the id from the folder.
    journal.record(
      {
        kind: 'call',
        module: packageEntry('postgres/remove-shared-memory.js'),
        export: 'removeSharedMemory',
        data: { dataDirectory: path },
      },
      'shared memory of PostgreSQL',
    ),
  ];
  const remove = async (): Promise<void> => {
    await removeSharedMemory({ dataDirectory: path });
    await rm(path, { recursive: true, force: true });
    for (const entry of entries) entry.settle();
  };
  try {
    await makeFolder(path, account);
    assertReachable(parent, account, 'Use a folder that every user may enter, such as one in /tmp.');
    // Copy in a separate process: a thousand small files would keep node's event loop busy for twice the time. It runs
    // as the owner, so no chown is needed.
    await runCommand(['cp', '-R', `${template}/.`, path], {
      what: `copy the PostgreSQL template to ${path}`,
      cwd: '/',
      env: process.env,
      account,
      signal,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, removeSharedMemory: () => removeSharedMemory({ dataDirectory: path }), [Symbol.asyncDispose]: remove };
}

async function makeFolder(path: string, account: ServiceAccount | undefined): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    if (account !== undefined) await chown(path, account.uid, account.gid);
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot create the data folder of PostgreSQL: current value is ${path} (${(cause as Error).message})`,
      { hint: 'Use a folder that exists, is empty, and that you may write.', cause },
    );
  }
}
