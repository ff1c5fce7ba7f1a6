import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../processes/process-identity.js';
import { healRun, type RunHealReport } from './heal-run.js';
import { pidNamespace, readOwner } from './run-owner.js';
import { defaultStateDirectory } from './state-directory.js';

/** How dead runs are looked for. */
export interface DeadRunOptions {
  readonly log: (line: string) => void;
  /** Default: this user's folder for the state of runs. */
  readonly base?: string;
  /** Forget what cannot be undone instead of trying again next time. */
  readonly discard?: boolean;
}

/** The folders of runs whose owner is dead. */
export function findDeadRuns(base: string = defaultStateDirectory()): string[] {
  const runs = join(base, 'runs');
  return list(runs)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(runs, name))
    .filter((path) => {
      const owner = readOwner(path);
      return owner !== undefined && owner.pidNamespace === pidNamespace() && !isRunning(owner);
    });
}

/**
 * Heals every run of this user whose owner is dead: what its watcher would have done, had it not been killed, too.
 * Called at each start and by `chaos heal`; any number of them at once is safe.
 */
export async function healDeadRuns({
  log,
  base = defaultStateDirectory(),
  discard = false,
}: DeadRunOptions): Promise<readonly RunHealReport[]> {
  await removeDrafts(join(base, 'runs'));
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

// Left where a run was killed while it made its folder.
async function removeDrafts(runs: string): Promise<void> {
  for (const name of list(runs)) {
    const [, pid, startTime] = /^\..+\.(\d+)\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning({ pid: Number(pid), startTime: Number(startTime) }))
      await rm(join(runs, name), { recursive: true, force: true });
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
