import { isRunning } from '@chaos/env/process';
import { setSoftLimit } from './prlimit.js';

const TIMEOUT_MS = 5000;

/**
 * Sets the soft limit of open descriptors of a process, if the pid still belongs to it. Undo recipes call it, too, so
 * it takes plain data.
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
    // The process may have ended meanwhile: then there is no limit to raise.
    if (isRunning({ pid, startTime })) throw error;
  }
}
