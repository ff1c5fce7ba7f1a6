import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UndoRecipe } from '@chaos/spec';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { descriptorLimit } from './descriptor-limit.js';

const idle = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'chaos-resources-'));
const script = join(folder, 'opener.mjs');
writeFileSync(
  script,
  `import { openSync } from 'node:fs'; process.on('message', () => { try { openSync('/dev/null'); process.send('opened'); } catch (error) { process.send(error.code); } }); process.send('up');`,
);
let child: ChildProcess;

beforeEach(async () => {
  child = fork(script, { execArgv: [] });
  await once(child, 'message');
});

afterEach(async () => {
  const exit = once(child, 'exit');
  if (child.kill('SIGKILL')) await exit;
});

afterAll(() => rmSync(folder, { recursive: true }));

async function open(): Promise<unknown> {
  const answer = once(child, 'message');
  child.send('open');
  return (await answer)[0];
}

function limits(): string {
  return /^Max open files\s+(\S+\s+\S+)/m.exec(readFileSync(`/proc/${child.pid}/limits`, 'utf8'))![1]!;
}

it('makes a running process fail with EMFILE until it is healed', async () => {
  const before = limits();
  const fault = await descriptorLimit({ pid: child.pid!, soft: 5 }).inject(idle);
  expect(await open()).toBe('EMFILE');
  await fault.heal();
  await fault.heal();
  expect(await open()).toBe('opened');
  expect(limits()).toBe(before);
});

it('is undone by its recipe alone, which was there before it acted', async () => {
  const before = limits();
  const seen: string[] = [];
  let recipe: UndoRecipe | undefined;
  let settled = 0;
  const journal = {
    record(written: UndoRecipe) {
      recipe = written;
      seen.push(limits());
      return { settle: () => void (settled += 1) };
    },
  };
  const fault = await descriptorLimit({ pid: child.pid!, soft: 5, journal }).inject(idle);
  expect(seen).toEqual([before]);
  expect(limits()).not.toBe(before);
  if (recipe?.kind !== 'call') throw new TypeError('no call recipe');
  const module = (await import(recipe.module)) as Record<string, (data: unknown) => Promise<void>>;
  await module[recipe.export]!(recipe.data);
  expect(limits()).toBe(before);
  expect(settled).toBe(0);
  await fault.heal();
  expect(settled).toBe(1);
});

it('heals where the process has ended', async () => {
  const fault = await descriptorLimit({ pid: child.pid!, soft: 5 }).inject(idle);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  await fault.heal();
});

it('refuses what is no limit and no process', async () => {
  expect(() => descriptorLimit({ pid: 1, soft: 1.5 })).toThrow('current value is 1.5');
  expect(() => descriptorLimit({ pid: 0, soft: 1 })).toThrow('current value is 0');
  await expect(descriptorLimit({ pid: 2 ** 30, soft: 1 }).inject(idle)).rejects.toMatchObject({ code: 'ENVIRONMENT' });
});
