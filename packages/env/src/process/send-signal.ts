import { isRunning, type ProcessIdentity } from './process-identity.js';

/**
 * Sends a signal to exactly this process, never to another one that has reused its pid. False when it has ended.
 *
 * @throws Error `EPERM` where the process is another user's: it still runs, so it must not count as ended
 */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
