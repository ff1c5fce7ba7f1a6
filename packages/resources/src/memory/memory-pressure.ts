import { fork } from 'node:child_process';
import { once } from 'node:events';
import { activeFault, checkRange, EnvironmentError, type Fault } from '@chaos/spec';
import { packageFile } from '../package-file.js';

/** Options of {@link memoryPressure}. */
export interface MemoryPressureOptions {
  /** Share of the memory that is available now: 0.5 leaves half of it. At most 0.9. */
  readonly share: number;
  /** It takes no more than this, bytes. Default 8 GiB. */
  readonly mostBytes?: number;
}

const MOST_BYTES = 8 * 2 ** 30;

/**
 * Takes memory away from all others: a separate process fills a share of what is available, and writes to it again and
 * again, so that it stays in memory. It ends when the fault is healed, and when the process that injected it dies in
 * any way, so there is no undo recipe; the kernel ends it first where memory runs out.
 * @throws `EnvironmentError` where the process cannot fill its share.
 * @throws `RangeError` for a `share` that is not above 0 and at most 0.9.
 */
export function memoryPressure({ share, mostBytes = MOST_BYTES }: MemoryPressureOptions): Fault {
  checkRange('share', share, { above: 0, most: 0.9 });
  checkRange('mostBytes', mostBytes, { least: 1 << 20, whole: true });
  return {
    name: `memory pressure ${Math.round(share * 100)} %`,
    async inject(signal) {
      signal.throwIfAborted();
      const bytes = Math.min(mostBytes, Math.floor(process.availableMemory() * share));
      const hog = fork(packageFile('memory/memory-hog.js'), [String(bytes)], {
        execArgv: [],
        env: {},
        cwd: '/',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      const stop = async (): Promise<void> => {
        if (hog.pid === undefined || hog.exitCode !== null || hog.signalCode !== null) return;
        const gone = once(hog, 'exit');
        hog.kill('SIGKILL');
        await gone;
      };
      const ended = once(hog, 'exit').then(([code, name]) => {
        throw new EnvironmentError(
          `Cannot fill ${Math.round(bytes / 2 ** 20)} MiB of memory: the process ended with ${name ?? code}`,
          { hint: 'Take a smaller share, or set mostBytes.' },
        );
      });
      ended.catch(() => {});
      try {
        await Promise.race([once(hog, 'message', { signal }), ended]);
      } catch (error) {
        await stop();
        throw error;
      }
      return activeFault(stop);
    },
  };
}
