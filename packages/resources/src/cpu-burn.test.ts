import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { descendantsOf, isRunning } from '@chaos/env/process';
import { expect, it, vi } from 'vitest';
import { cpuBurn } from './cpu-burn.js';

const idle = new AbortController().signal;

function burners(pid = process.pid): ReturnType<typeof descendantsOf> {
  return descendantsOf(pid).filter((child) => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').includes('burner.js'));
}

/** CPU time in clock ticks: fields 14 and 15. */
function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

it('burns in one process for each CPU and none is left when healed', async () => {
  const fault = await cpuBurn({ cpus: 1.25 }).inject(idle);
  const running = burners();
  expect(running).toHaveLength(2);
  const before = running.map(({ pid }) => cpuTime(pid));
  await vi.waitFor(() => expect(cpuTime(running[0]!.pid)).toBeGreaterThan(before[0]! + 10), { timeout: 4000 });
  await fault.heal();
  await fault.heal();
  expect(running.filter(isRunning)).toEqual([]);
});

it('ends with the process that injected it, though it was SIGKILLed', async () => {
  const script = `import { cpuBurn } from '@chaos/resources'; await cpuBurn({ cpus: 2 }).inject(new AbortController().signal); console.log('up'); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await parent.stdout.take(1).toArray();
  const running = burners(parent.pid);
  expect(running).toHaveLength(2);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(running.filter(isRunning)).toEqual([]), {
    timeout: 2000,
    interval: 20,
  });
});

it('leaves nothing when it is aborted before it burns', async () => {
  await expect(cpuBurn({ cpus: 1 }).inject(AbortSignal.timeout(1))).rejects.toThrow();
  expect(burners()).toEqual([]);
});

it.each([0, -1, Number.NaN, 2000])('refuses %d CPUs', (cpus) => {
  expect(() => cpuBurn({ cpus })).toThrow(`current value is ${cpus}`);
});
