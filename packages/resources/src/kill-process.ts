import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, sendSignal } from '@chaos/env/process';
import { activeFault, type Fault } from '@chaos/spec';
import { processToSignal } from './process-to-signal.js';

/** Options of {@link killProcess}. */
export interface KillProcessOptions {
  readonly pid: number;
  /** Default SIGKILL. */
  readonly signal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGABRT';
  /** Starts the process again when healed. Default: healing is a no-op. */
  readonly restart?: () => Promise<void>;
}

/** Kills a process; resolves when it has ended. Injecting throws `EnvironmentError` if there is no such process. */
export function killProcess({ pid, signal: name = 'SIGKILL', restart = async () => {} }: KillProcessOptions): Fault {
  return {
    name: `process ${pid} ${name}`,
    async inject(signal) {
      signal.throwIfAborted();
      const identity = processToSignal(pid);
      sendSignal(identity, name);
      while (isRunning(identity)) await delay(1, undefined, { signal });
      return activeFault(restart);
    },
  };
}
