import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { checkRange, activeFault, EnvironmentError, type Fault } from '@chaos/spec';
import { packageFile } from './package-file.js';

const PERIOD_MS = 20;

/** Options of {@link cpuBurn}. */
export interface CpuBurnOptions {
  /**
   * Number of CPUs to burn, fractions allowed: 1.5 = one whole and half of another. Default: all that this process may
   * use.
   */
  readonly cpus?: number;
}

/**
 * Burns CPU time in one process per CPU, to compete with other processes. They end when the fault is healed, and when
 * the process that injected them dies in any way, so there is no undo recipe.
 * @throws `RangeError` for `cpus` that is not above 0, or above 1024.
 */
export function cpuBurn({ cpus = availableParallelism() }: CpuBurnOptions = {}): Fault {
  checkRange('cpus', cpus, { above: 0, most: 1024 });
  const loads = Array.from({ length: Math.ceil(cpus) }, (_, index) => Math.min(1, cpus - index));
  return {
    name: `cpu burn ${cpus}`,
    async inject(signal) {
      signal.throwIfAborted();
      const burners = loads.map(startBurner);
      const stop = async (): Promise<void> => void (await Promise.all(burners.map(endBurner)));
      try {
        await Promise.all(burners.map((burner) => burning(burner, signal)));
      } catch (error) {
        await stop();
        throw error;
      }
      return activeFault(stop);
    },
  };
}

function startBurner(load: number): ChildProcess {
  return fork(packageFile('burner.js'), [String(load), String(PERIOD_MS)], {
    execArgv: [],
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

async function burning(burner: ChildProcess, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const exit = once(burner, 'exit', { signal: ended.signal }).then(([code, name]: unknown[]) => {
    throw new EnvironmentError(`Cannot burn CPU time: the burner ended with ${String(name ?? code)}`);
  });
  try {
    await Promise.race([once(burner, 'message', { signal }), exit]);
  } finally {
    exit.catch(() => {});
    ended.abort();
  }
}

async function endBurner(burner: ChildProcess): Promise<void> {
  if (burner.pid === undefined || burner.exitCode !== null || burner.signalCode !== null) return;
  const exit = once(burner, 'exit');
  burner.kill('SIGKILL');
  await exit;
}
