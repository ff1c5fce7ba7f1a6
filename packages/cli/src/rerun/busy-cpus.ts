import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps the CPUs busy with twice as many processes as there are CPUs, until it is disposed. */
export function keepCpusBusy(count: number = 2 * availableParallelism()): Disposable {
  // They end by themselves when this process is gone, whatever ended it.
  const spin =
    'const parent = process.ppid; for (;;) { for (let i = 0; i < 5e7; i++); if (process.ppid !== parent) process.exit(); }';
  const processes = Array.from({ length: count }, () => spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }));
  return {
    [Symbol.dispose]() {
      for (const each of processes) each.kill('SIGKILL');
    },
  };
}
