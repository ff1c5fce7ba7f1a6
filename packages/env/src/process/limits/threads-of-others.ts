import { readdirSync } from 'node:fs';
import { readText } from '../../read-text.js';
import { readProcessStat } from '../process-stat.js';

/** Number of threads of this user, without those of this process and its children. */
export function threadsOfOthers(uid: number): number {
  const isOurs = (pid: number): boolean => pid === process.pid || readProcessStat(pid)?.parent === process.pid;
  let count = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || isOurs(Number(name))) continue;
    const status = readText(`/proc/${name}/status`) ?? '';
    if (Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? -1) === uid)
      count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return count;
}
