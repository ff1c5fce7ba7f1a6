import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listPrivateFolder } from '@chaos/env/private';

/** Folder of the records of a project. */
export function historyFolder(rootDir: string): string {
  return join(rootDir, '.chaos', 'runs');
}

/** Fix where a folder of the history is refused: it is in the project, so TMPDIR does not move it. */
export function historyHint(folder: string): string {
  return `Remove ${folder} if nobody needs it, or make it yours (chown); chaos run --no-history goes without.`;
}

/** A record of the history. The name of the file begins with the time of its start, so names sort by time. */
export interface HistoryEntry {
  readonly file: string;
  readonly runId: string;
  readonly bytes: number;
}

/**
 * The records of a project, the oldest first; empty where there is none.
 *
 * @throws EnvironmentError where the folder is not this user's
 */
export function listHistory(rootDir: string): readonly HistoryEntry[] {
  const folder = historyFolder(rootDir);
  let names: readonly string[];
  try {
    names = listPrivateFolder(folder, historyHint(folder));
  } catch (error) {
    // `.chaos` itself is missing.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return [...names].sort().flatMap((name) => {
    const [, runId] = /^\d{8}T\d{9}Z-(.+)\.jsonl$/.exec(name) ?? [];
    const stat = runId === undefined ? undefined : lstatSync(join(folder, name), { throwIfNoEntry: false });
    return runId === undefined || !stat?.isFile() ? [] : [{ file: join(folder, name), runId, bytes: stat.size }];
  });
}

/** Name of the file for a run that started at this time. */
export function recordName(startMs: number, runId: string): string {
  return `${new Date(startMs).toISOString().replaceAll(/[-:.]/g, '')}-${runId.replaceAll(/[^\w-]/g, '_')}.jsonl`;
}

/** Removes the oldest records until the others are within both limits. The newest one always stays. */
export function trimHistory(rootDir: string, limits: { readonly maxRuns: number; readonly maxBytes: number }): void {
  const newestFirst = [...listHistory(rootDir)].reverse();
  let bytes = 0;
  for (const [index, entry] of newestFirst.entries()) {
    bytes += entry.bytes;
    if (index > 0 && (index >= limits.maxRuns || bytes > limits.maxBytes)) rmSync(entry.file, { force: true });
  }
}
