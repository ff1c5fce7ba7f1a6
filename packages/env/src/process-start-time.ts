import { processStat } from './process-stat.js';

/**
 * When a process started, in clock ticks since boot (field 22 of `/proc/PID/stat`): with the pid it names a process for
 * good, since pids are used again. `undefined` where there is no such process (and on systems without /proc).
 */
export function processStartTime(pid: number): number | undefined {
  return processStat(pid)?.startTime;
}
