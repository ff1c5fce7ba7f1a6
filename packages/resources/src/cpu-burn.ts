import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { watchStart } from '@chaos/env/process';
import { checkRange, activeFault, EnvironmentError, type Fault } from '@chaos/spec';
import { packageFile } from './package-file.js';

const PERIOD_MS = 20;
/** How Node ends where it gets no thread. */
const ABORTS: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGSEGV'];

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
 * @throws `EnvironmentError` where the machine gives it no process or thread, within seconds.
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
  let stopWatch = (): void => {};
  const failed = new Promise<never>((_, reject) => {
    burner.once('error', (error) => reject(noProcess(error.message)));
    burner.once('exit', (code, name) => reject(ended(code, name)));
    if (burner.pid !== undefined)
      stopWatch = watchStart('burner', burner.pid, ({ message }) => reject(noProcess(message)));
  });
  failed.catch(() => {});
  try {
    await Promise.race([once(burner, 'message', { signal }), failed]);
  } finally {
    stopWatch();
  }
}

function ended(code: number | null, signal: NodeJS.Signals | null): EnvironmentError {
  const how = `the burner ended with ${signal ?? code}`;
  return ABORTS.includes(signal) ? noProcess(how) : new EnvironmentError(`Cannot burn CPU time: ${how}`);
}

/** The machine is to blame, as if it had refused to start the process: the run ends with exit code 3. */
function noProcess(how: string): EnvironmentError {
  return new EnvironmentError(`Cannot burn CPU time: ${how}`, {
    hint: 'The burner gets no process or thread: raise `ulimit -u` (or the pids limit of the container), or run fewer workers (--workers).',
    cause: Object.assign(new Error(how), { code: 'EAGAIN' }),
  });
}

async function endBurner(burner: ChildProcess): Promise<void> {
  if (burner.pid === undefined || burner.exitCode !== null || burner.signalCode !== null) return;
  const exit = once(burner, 'exit');
  burner.kill('SIGKILL');
  await exit;
}
