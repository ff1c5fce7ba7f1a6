import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { identityOf, isRunning } from './process-identity.js';
import { sendSignal } from './send-signal.js';
import { descendantsOf } from './with-descendants.js';

const processStartTime = (pid: number): number | undefined => identityOf(pid)?.startTime;
const isSameProcess = (pid: number, startTime: number): boolean => isRunning({ pid, startTime });

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

// A shell that prints the pid of its own child.
async function parentOf(script: string): Promise<{ parent: ChildProcess; grandchild: number }> {
  const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, grandchild: Number(line.toString().trim()) };
}

it('identityOf() is of the process, not of its pid', () => {
  expect(processStartTime(process.pid)).toBe(processStartTime(process.pid));
  expect(processStartTime(process.pid)).toBeGreaterThan(processStartTime(1) ?? Infinity);
  expect(processStartTime(2 ** 30)).toBeUndefined();
});

it('identityOf() reads names with parentheses and spaces', async () => {
  const { parent } = await parentOf('printf "a) R 1 (b" > /proc/self/comm; echo $$; read wait');
  expect(processStartTime(parent.pid ?? 0)).toBeGreaterThanOrEqual(processStartTime(process.pid) ?? Infinity);
});

it('descendantsOf() finds children before grandchildren, with their start times', async () => {
  const { parent, grandchild } = await parentOf('sleep 30 & echo $!; read wait; kill $!');
  const found = descendantsOf(process.pid).filter(({ pid }) => pid === parent.pid || pid === grandchild);
  expect(found).toEqual([
    { pid: parent.pid, startTime: processStartTime(parent.pid ?? 0) },
    { pid: grandchild, startTime: processStartTime(grandchild) },
  ]);
  const gone = once(parent, 'exit');
  parent.stdin?.end();
  await gone;
  expect(descendantsOf(process.pid).some(({ pid }) => pid === parent.pid)).toBe(false);
});

it('isRunning() is false for another start time, for the dead, and for zombies', async () => {
  const own = processStartTime(process.pid) ?? 0;
  expect(isSameProcess(process.pid, own)).toBe(true);
  expect(isSameProcess(process.pid, own + 1)).toBe(false);

  // The parent execs a program that never waits: its child stays a zombie.
  const { parent, grandchild } = await parentOf('sleep 30 & echo $!; exec tail -f /dev/null');
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('tail\n');
  const startTime = processStartTime(grandchild) ?? 0;
  expect(isSameProcess(grandchild, startTime)).toBe(true);
  process.kill(grandchild, 'SIGKILL');
  await expect.poll(() => isSameProcess(grandchild, startTime)).toBe(false);
  expect(processStartTime(grandchild)).toBe(startTime);
  expect(descendantsOf(process.pid).some(({ pid }) => pid === grandchild)).toBe(false);
});

it('sendSignal() reaches the process it names and no later one with its pid', async () => {
  const { parent } = await parentOf('echo $$; read wait');
  const identity = identityOf(parent.pid ?? 0)!;
  expect(sendSignal({ ...identity, startTime: identity.startTime + 1 }, 'SIGKILL')).toBe(false);
  expect(isRunning(identity)).toBe(true);
  const gone = once(parent, 'exit');
  expect(sendSignal(identity, 'SIGKILL')).toBe(true);
  await gone;
  expect(sendSignal(identity, 'SIGKILL')).toBe(false);
});

it('sendSignal() does not take a process of another user for an ended one', () => {
  // Root may signal every process, so simulate the kernel's answer to other users.
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  try {
    expect(() => sendSignal(identityOf(process.pid)!, 'SIGTERM')).toThrow('EPERM');
  } finally {
    kill.mockRestore();
  }
});
