import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listPrivateFolder } from '@chaos/env/private';
import { isRunning } from '@chaos/env/process';
import { healRun, type RunHealReport } from './heal-run.js';
import { pidNamespace, readOwner } from './run-owner.js';
import { defaultStateDirectory } from './state-directory.js';

/** Options of the search for dead runs. */
export interface DeadRunOptions {
  readonly log: (line: string) => void;
  /** Default: this user's state folder of runs. */
  readonly base?: string;
  /** Forget failed undos instead of trying again next time. */
  readonly discard?: boolean;
}

/**
 * The folders of runs whose owner is dead.
 *
 * @throws EnvironmentError where the state folder is not this user's alone: its content is ignored then
 */
export function findDeadRuns(base: string = defaultStateDirectory()): string[] {
  const runs = join(base, 'runs');
  return listRuns(base)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(runs, name))
    .filter((path) => {
      const owner = readOwner(path);
      return owner !== undefined && owner.pidNamespace === pidNamespace() && !isRunning(owner);
    });
}

/**
 * Heals every run of this user whose owner is dead, for cases in which its watcher was killed, too. Called at each
 * start and by `chaos heal`; safe to run concurrently.
 */
export async function healDeadRuns({
  log,
  base = defaultStateDirectory(),
  discard = false,
}: DeadRunOptions): Promise<readonly RunHealReport[]> {
  await removeDrafts(base);
  const reports: RunHealReport[] = [];
  for (const path of findDeadRuns(base)) {
    try {
      const report = await healRun(path, { log, discard });
      if (report) reports.push(report);
    } catch (error) {
      log(`not healed: ${path}: ${(error as Error).message}`);
    }
  }
  return reports;
}

// Left by a run that was killed while it created its folder.
async function removeDrafts(base: string): Promise<void> {
  for (const name of listRuns(base)) {
    const [, pid, startTime] = /^\..+\.(\d+)\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning({ pid: Number(pid), startTime: Number(startTime) }))
      await rm(join(base, 'runs', name), { recursive: true, force: true });
  }
}

// Check both folders: a folder of ours inside another user's folder cannot be trusted.
function listRuns(base: string): readonly string[] {
  return listPrivateFolder(base).length === 0 ? [] : listPrivateFolder(join(base, 'runs'));
}
