import { readProcessStat } from './process-stat.js';

/** Names one process for ever: pids are used again, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`, clock ticks since boot. */
  readonly startTime: number;
}

/** The identity of the process that has this pid now; `undefined` when none has. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readProcessStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** The identity of this process. */
export function currentProcess(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (!identity) throw new Error(`Cannot read /proc/${process.pid}/stat: is /proc mounted?`);
  return identity;
}

/** True while this very process runs. A zombie does not: nobody may ever reap it. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}
