import { hasEnded, lookAt, readProcessStat } from './process-stat.js';

/** Identity of a process: a pid may be reused, a pid with its start time may not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot (field 22 of `/proc/PID/stat`). */
  readonly startTime: number;
}

/** The identity of the process that has this pid now; `undefined` if there is none, or no /proc. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readProcessStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** The identity of this process. Throws an `Error` if there is no /proc. */
export function currentProcess(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (!identity) throw new Error(`Cannot read /proc/${process.pid}/stat: is /proc mounted?`);
  return identity;
}

/**
 * True while this very process runs. A zombie has ended. Without a file descriptor to look with, any process of this
 * pid counts: to take a living one for dead would undo what it does.
 */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const stat = lookAt(pid);
  if (stat === 'unknown') return hasPid(pid);
  return stat !== undefined && stat.startTime === startTime && !hasEnded(stat);
}

function hasPid(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
