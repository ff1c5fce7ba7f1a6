import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { watchStart } from './watch-start.js';

const start = (script: string): number => {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void process.kill(-(child.pid as number), 'SIGKILL'));
  return child.pid as number;
};

test.runIf(process.platform === 'linux')(
  'a process that sleeps with all below it hangs; one that computes, or is stopped, does not',
  { timeout: 30_000 },
  async () => {
    const told: string[] = [];
    const watch = (name: string, pid: number): void => {
      onTestFinished(watchStart(name, pid, (error) => void told.push(`${error.message} ${error.hint}`)));
    };
    const hanging = start('sleep 100; true');
    const stopped = start('sleep 100; true');
    process.kill(-stopped, 'SIGSTOP');
    watch('stopped', stopped);
    watch('busy', start('while :; do :; done'));
    const late = new Promise<string>((resolve) => {
      onTestFinished(watchStart('worker', hanging, ({ message, hint }) => resolve(`${message} ${hint}`)));
    });
    expect(await late).toMatch(
      new RegExp(`^Cannot start a worker process: ${hanging} hangs, \\d+ s after its start .*ulimit -u`),
    );
    expect(told).toEqual([]);
  },
);
