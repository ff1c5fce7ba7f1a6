import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess } from '@chaos/env';
import { activeFault, type Fault } from '@chaos/spec';
import { processReference } from './process-reference.js';

/** What {@link killProcess} kills. */
export interface KillProcessOptions {
  readonly pid: number;
  /** Default SIGKILL. */
  readonly signal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGABRT';
  /** Starts it again when healed. Default: healing is a no-op. */
  readonly restart?: () => Promise<void>;
}

/** Ends a process; resolves when it has ended. Injecting throws `EnvironmentError` where there is no such process. */
export function killProcess({ pid, signal: name = 'SIGKILL', restart = async () => {} }: KillProcessOptions): Fault {
  return {
    name: `process ${pid} ${name}`,
    async inject(signal) {
      signal.throwIfAborted();
      const { startTime } = processReference(pid);
      process.kill(pid, name);
      while (isSameProcess(pid, startTime)) await delay(1, undefined, { signal });
      return activeFault(restart);
    },
  };
}
