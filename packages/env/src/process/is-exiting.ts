import { readFileSync } from 'node:fs';

/**
 * True once a process is on its way out: the kernel frees its memory before it closes its sockets, so whoever sees a
 * connection of it end can ask. Also true for a zombie, and where no process has this pid. False where there is no
 * /proc. Source: proc_pid_statm(5).
 */
export function isExiting(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return readFileSync(`/proc/${pid}/statm`, 'latin1').startsWith('0 ');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH';
  }
}
