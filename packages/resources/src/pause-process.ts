import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, isRunning, readProcessStat, sendSignal, type ProcessIdentity } from '@chaos/env/process';
import { activeFault, noJournal, type Fault, type Journal } from '@chaos/spec';
import { processToSignal } from './process-to-signal.js';

/** Options of {@link pauseProcess}. */
export interface PauseProcessOptions {
  readonly pid: number;
  /** Pauses its descendants, too. Default true. */
  readonly tree?: boolean;
  /** Gets the undo recipe before the process is stopped. Default: nowhere. */
  readonly journal?: Journal;
}

/**
 * Sends SIGSTOP: the process keeps its sockets and locks and does nothing. Resolves when all are stopped; healing sends
 * SIGCONT. Injecting throws `EnvironmentError` if there is no such process.
 */
export function pauseProcess({ pid, tree = true, journal = noJournal }: PauseProcessOptions): Fault {
  return {
    name: `process ${pid} SIGSTOP`,
    async inject(signal) {
      signal.throwIfAborted();
      const root = processToSignal(pid);
      const members = (): readonly ProcessIdentity[] => (tree ? [root, ...descendantsOf(pid)] : [root]);
      const entry = journal.record({ kind: 'signal', ...root, signal: 'SIGCONT', tree }, `process ${pid} stopped`);
      const undo = async (): Promise<void> => {
        for (const member of [...members()].reverse()) sendSignal(member, 'SIGCONT');
        entry.settle();
      };
      try {
        for (let moving = members(); moving.length > 0; moving = members().filter((member) => isMoving(member))) {
          for (const member of moving) sendSignal(member, 'SIGSTOP');
          await delay(1, undefined, { signal });
        }
      } catch (error) {
        await undo();
        throw error;
      }
      return activeFault(undo);
    },
  };
}

// Stopped by a signal (T) or by a debugger (t).
function isMoving(member: ProcessIdentity): boolean {
  return isRunning(member) && !/^[Tt]$/.test(readProcessStat(member.pid)?.state ?? 'T');
}
