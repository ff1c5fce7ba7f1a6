import { readFileSync } from 'node:fs';
import { isSameProcess } from '@chaos/env';

/** One process for certain: a pid alone may be used again. */
export interface ProcessReference {
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`, clock ticks. */
  readonly startTime: number;
}

/** True while it runs (a zombie does not). */
export function isRunning({ pid, startTime }: ProcessReference): boolean {
  return isSameProcess(pid, startTime);
}

/** Sends a signal if it is still that process; false where it is gone. */
export function signalProcess(reference: ProcessReference, signal: NodeJS.Signals): boolean {
  if (!isRunning(reference)) return false;
  try {
    return process.kill(reference.pid, signal);
  } catch {
    return false;
  }
}

/**
 * The letter of field 3 of `/proc/PID/stat` (`R`, `S`, `T` = stopped, `Z` = zombie…), `undefined` where there is no
 * such process.
 */
export function processState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.at(stat.lastIndexOf(')') + 2);
  } catch {
    return undefined;
  }
}
