import { processStat } from './process-stat.js';

/**
 * Whether the process with this pid is still the one that started at `startTime` (see `processStartTime`) and has not
 * ended. A zombie has ended: nothing but its exit status is left.
 */
export function isSameProcess(pid: number, startTime: number): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}
