import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { descendantsOf } from '@chaos/env/process';
import type { UndoRecipe } from '@chaos/spec';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { killProcess } from './kill-process.js';
import { pauseProcess } from './pause-process.js';

const idle = new AbortController().signal;
let shell: ChildProcess;

beforeEach(async () => {
  shell = spawn('sh', ['-c', 'sleep 1000 & echo up; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(shell.stdout!, 'data');
});

afterEach(() => {
  for (const { pid } of descendantsOf(shell.pid!)) process.kill(pid, 'SIGKILL');
  shell.kill('SIGKILL');
});

function states(): string[] {
  return [shell.pid!, ...descendantsOf(shell.pid!).map(({ pid }) => pid)].map(
    (pid) => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!,
  );
}

it('pauseProcess() stops the tree until it is healed', async () => {
  const recipes: UndoRecipe[] = [];
  const journal = { record: (recipe: UndoRecipe) => (recipes.push(recipe), { settle: () => void recipes.pop() }) };
  const fault = await pauseProcess({ pid: shell.pid!, journal }).inject(idle);
  expect(states()).toEqual(['T', 'T']);
  expect(recipes).toMatchObject([{ kind: 'signal', pid: shell.pid, signal: 'SIGCONT', tree: true }]);
  await fault.heal();
  await fault.heal();
  await vi.waitFor(() => expect(states()).not.toContain('T'));
  expect(recipes).toEqual([]);
});

it('pauseProcess() can leave the descendants running', async () => {
  const fault = await pauseProcess({ pid: shell.pid!, tree: false }).inject(idle);
  // The kernel reports running or sleeping, depending on the moment; it must not report stopped.
  expect(states()).toEqual(['T', expect.stringMatching(/^[RSD]$/)]);
  await fault.heal();
});

it('killProcess() ends it and heals by starting it again', async () => {
  const exit = once(shell, 'exit');
  let restarts = 0;
  const fault = await killProcess({ pid: shell.pid!, restart: async () => void (restarts += 1) }).inject(idle);
  expect((await exit)[1]).toBe('SIGKILL');
  await fault.heal();
  await fault.heal();
  expect(restarts).toBe(1);
});

it.each([pauseProcess, killProcess])('refuses a process that is not there', async (fault) => {
  await expect(fault({ pid: 2 ** 30 }).inject(idle)).rejects.toMatchObject({ code: 'ENVIRONMENT' });
});
