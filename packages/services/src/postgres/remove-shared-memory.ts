import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EnvironmentError } from '@chaos/spec';

const PATIENCE_MS = 2000;

/**
 * Removes the SysV segment that a killed PostgreSQL left: only the one named in its `postmaster.pid`, created by that
 * process and not attached by any other. A no-op if the server removed it itself, or if the system has no
 * `/proc/sysvipc` (macOS). Undo recipes call it, too, so it takes plain data. Throws `EnvironmentError` if processes
 * are still attached after `patienceMs`.
 */
export async function removeSharedMemory(
  { dataDirectory }: { readonly dataDirectory: string },
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const expected = readPostmasterFile(dataDirectory);
  if (expected === undefined) return;
  const giveUpMs = performance.now() + patienceMs;
  for (;;) {
    const segment = readSegments().find(
      ({ key, id, creator }) => key === expected.key && id === expected.id && creator === expected.pid,
    );
    if (segment === undefined) return;
    if (segment.attached === 0) {
      // Another process that heals the same run may be faster.
      await promisify(execFile)('ipcrm', ['-m', String(segment.id)], { cwd: '/' }).catch(() => undefined);
    } else if (performance.now() > giveUpMs) {
      throw new EnvironmentError(
        `Cannot remove shared memory ${segment.id} of PostgreSQL: ${segment.attached} processes are attached`,
        { data: { ...segment, dataDirectory } },
      );
    }
    await delay(5);
  }
}

/** Line 1 is the pid, line 7 key and id of the segment. */
function readPostmasterFile(dataDirectory: string): { pid: number; key: number; id: number } | undefined {
  const lines = readOrEmpty(join(dataDirectory, 'postmaster.pid')).split('\n');
  const [key, id] = (lines[6] ?? '').trim().split(/\s+/).map(Number);
  return key === undefined || id === undefined ? undefined : { pid: Number(lines[0]), key, id };
}

function readSegments(): { key: number; id: number; creator: number; attached: number }[] {
  const [header = '', ...rows] = readOrEmpty('/proc/sysvipc/shm').trim().split('\n');
  const names = header.trim().split(/\s+/);
  return rows.map((row) => {
    const values = row.trim().split(/\s+/).map(Number);
    const column = (name: string): number => values[names.indexOf(name)] ?? Number.NaN;
    return { key: column('key'), id: column('shmid'), creator: column('cpid'), attached: column('nattch') };
  });
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
