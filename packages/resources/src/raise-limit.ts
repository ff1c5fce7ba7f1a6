import { isRunning } from '@chaos/env/process';
import { setSoftLimit } from './prlimit.js';

const TIMEOUT_MS = 5000;

/**
 * Sets the soft limit of open descriptors of a process if it is still that process. Called by undo recipes too, so it
 * takes plain data.
 */
export async function raiseLimit({
  pid,
  startTime,
  soft,
}: {
  readonly pid: number;
  readonly startTime: number;
  readonly soft: number | 'unlimited';
}): Promise<void> {
  if (!isRunning({ pid, startTime })) return;
  try {
    await setSoftLimit(pid, soft === 'unlimited' ? Infinity : soft, AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    // It may have ended meanwhile: then there is nothing to raise.
    if (isRunning({ pid, startTime })) throw error;
  }
}
