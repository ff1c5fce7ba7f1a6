import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { carriesEnvironment } from '@chaos/env/process';

/** Mark that distinguishes a run's processes from all others. */
export interface RunMark {
  readonly runId: string;
  /**
   * Absolute. Servers overwrite their environment with a title (PostgreSQL, Redis), but their working folder is their
   * data folder.
   */
  readonly dataDirectory: string;
}

/** True for a process that was started with `CHAOS_RUN_ID` of this run, or works inside its data folder. */
export function carriesMark(pid: number, { runId, dataDirectory }: RunMark): boolean {
  if (carriesEnvironment(pid, [`CHAOS_RUN_ID=${runId}`])) return true;
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    return folder === dataDirectory || folder.startsWith(join(dataDirectory, '/'));
  } catch {
    // Gone, or another user's.
    return false;
  }
}
