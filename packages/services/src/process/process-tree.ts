import { setTimeout as delay } from 'node:timers/promises';
import {
  descendantsOf,
  findMarked,
  isRunning,
  readProcessStat,
  sendSignal,
  type ProcessIdentity,
} from '@chaos/env/process';
import { EnvironmentError } from '@chaos/spec';

const KILL_BUDGET_MS = 5000;

/** A process and everything it started, including orphans. */
export interface ProcessTree {
  /** Running processes of the tree, root first. */
  members(): readonly ProcessIdentity[];
  /** SIGSTOP to all; resolves when all are stopped, including those started meanwhile. */
  pause(): Promise<void>;
  /** SIGCONT to all. */
  resume(): void;
  /** SIGKILL to all; resolves when none is left, throws `EnvironmentError` if some are after 5 s. */
  kill(): Promise<void>;
}

/** The tree of `root`, whose processes have `variable=value` in their environment unless they overwrote it. */
export function createProcessTree(root: ProcessIdentity, variable: string, value: string): ProcessTree {
  const known = new Map<number, ProcessIdentity>([[root.pid, root]]);

  function members(): ProcessIdentity[] {
    const covered = new Set<number>();
    for (const [pid, reference] of known) {
      if (!isRunning(reference)) known.delete(pid);
      else if (!covered.has(pid)) {
        for (const child of descendantsOf(pid)) {
          known.set(child.pid, child);
          covered.add(child.pid);
        }
      }
    }
    for (const marked of findMarked(variable, value)) known.set(marked.pid, marked);
    return [...known.values()].filter(isRunning);
  }

  async function pause(): Promise<void> {
    for (;;) {
      const moving = members().filter(({ pid }) => readProcessStat(pid)?.state !== 'T');
      if (moving.length === 0) return;
      for (const reference of moving) sendSignal(reference, 'SIGSTOP');
      await delay(1);
    }
  }

  return {
    members,
    pause,
    resume() {
      for (const reference of members().reverse()) sendSignal(reference, 'SIGCONT');
    },
    async kill() {
      const giveUpMs = performance.now() + KILL_BUDGET_MS;
      for (let left = members(); left.length > 0; left = members()) {
        if (performance.now() > giveUpMs)
          throw new EnvironmentError(
            `Cannot end processes ${left.map(({ pid }) => pid).join(', ')}: ` +
              `still running ${KILL_BUDGET_MS} ms after SIGKILL`,
          );
        for (const reference of left) sendSignal(reference, 'SIGKILL');
        await delay(2);
      }
    },
  };
}
