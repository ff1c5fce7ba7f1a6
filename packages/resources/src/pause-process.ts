import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { descendants, isSameProcess } from '@chaos/env';
import { activeFault, noJournal, type Fault, type Journal } from '@chaos/spec';
import { processReference, type ProcessReference } from './process-reference.js';

/** What {@link pauseProcess} stops. */
export interface PauseProcessOptions {
  readonly pid: number;
  /** Its descendants too. Default true. */
  readonly tree?: boolean;
  /** Where the undo recipe goes before the process is stopped. Default: nowhere. */
  readonly journal?: Journal;
}

/**
 * SIGSTOP: the process keeps its sockets and locks and does nothing. Resolves when all are stopped; SIGCONT when
 * healed. Injecting throws `EnvironmentError` where there is no such process.
 */
export function pauseProcess({ pid, tree = true, journal = noJournal }: PauseProcessOptions): Fault {
  return {
    name: `process ${pid} SIGSTOP`,
    async inject(signal) {
      signal.throwIfAborted();
      const root = processReference(pid);
      const members = (): readonly ProcessReference[] => (tree ? [root, ...descendants(pid)] : [root]);
      const entry = journal.record({ kind: 'signal', ...root, signal: 'SIGCONT', tree }, `process ${pid} stopped`);
      const undo = async (): Promise<void> => {
        for (const member of [...members()].reverse()) send(member, 'SIGCONT');
        entry.settle();
      };
      try {
        for (let moving = members(); moving.length > 0; moving = members().filter((member) => isMoving(member))) {
          for (const member of moving) send(member, 'SIGSTOP');
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

function send({ pid, startTime }: ProcessReference, signal: NodeJS.Signals): void {
  if (isSameProcess(pid, startTime)) process.kill(pid, signal);
}

function isMoving({ pid, startTime }: ProcessReference): boolean {
  return isSameProcess(pid, startTime) && !/^State:\s+[Tt]/m.test(statusOf(pid));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State:\tT';
  }
}
