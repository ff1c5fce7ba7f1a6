import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { isChaosError, type ActiveFault, type Fault } from '@chaos/spec';
import { afterEach, expect, it, type TestContext } from 'vitest';
import { syscallFault } from './syscall-fault.js';

let child: ChildProcess | undefined;
let active: ActiveFault | undefined;
afterEach(async () => {
  await active?.heal();
  child?.kill('SIGKILL');
  [child, active] = [undefined, undefined];
});

// Writes and syncs a file for each line that it reads, and answers with how long that took, or with the error.
const PROGRAM = `
const fs = require('node:fs');
const path = fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'chaos-sync-')) + '/file';
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  const begin = performance.now();
  try {
    const file = fs.openSync(path, 'w');
    fs.writeSync(file, 'x');
    fs.fsyncSync(file);
    fs.closeSync(file);
    console.log(Math.round(performance.now() - begin));
  } catch (error) { console.log(error.code); }
});
console.log('ready');`;

let lines: Interface;
async function started(): Promise<number> {
  child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  lines = createInterface({ input: child.stdout! });
  expect((await once(lines, 'line'))[0]).toBe('ready');
  return child.pid as number;
}
async function ask(): Promise<string> {
  const answer = once(lines, 'line');
  child!.stdin!.write('\n');
  return String((await answer)[0]);
}

async function injected(fault: Fault, { skip }: TestContext): Promise<ActiveFault> {
  try {
    return await fault.inject(AbortSignal.timeout(20_000));
  } catch (error) {
    if (!isChaosError(error, 'CAPABILITY_MISSING')) throw error;
    expect(error.hint).toContain('strace');
    return skip(error.message);
  }
}

it('makes calls late, counts them, and lets go', async (context) => {
  const pid = await started();
  active = await injected(syscallFault({ pid, calls: ['fsync', 'fdatasync'], delayMs: 300 }), context);
  expect(active.met!()).toEqual({ calls: 0 });
  expect(Number(await ask())).toBeGreaterThanOrEqual(300);
  expect(active.met!()).toEqual({ calls: 1 });
  await active.heal();
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^TracerPid:\t0$/m);
  expect(Number(await ask())).toBeLessThan(300);
  expect(active.met!()).toEqual({ calls: 1 });
});

it('makes calls fail', async (context) => {
  const pid = await started();
  active = await injected(syscallFault({ pid, calls: ['fsync'], error: 'ENOSPC' }), context);
  expect(await ask()).toBe('ENOSPC');
  await active.heal();
  expect(Number(await ask())).toBeGreaterThanOrEqual(0);
});

it('hears a tracer that is named by its path', async (context) => {
  const path = (process.env['PATH'] ?? '').split(':').map((folder) => `${folder}/strace`);
  const executable = path.find((each) => existsSync(each));
  if (executable === undefined) return context.skip('no strace on PATH');
  const tracer = { executable, libraryFolders: [] };
  active = await injected(syscallFault({ pid: await started(), calls: ['fsync'], error: 'EIO', tracer }), context);
  expect(await ask()).toBe('EIO');
});

it('lets go when its fault is healed after the process has ended', async (context) => {
  const pid = await started();
  active = await injected(syscallFault({ pid, calls: ['fsync'], error: 'EIO' }), context);
  child!.kill('SIGKILL');
  await once(child!, 'exit');
  await active.heal();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

it('is refused with a reason where there is no strace', async () => {
  const pid = await started();
  const tracer = { executable: '/nonexistent/strace', libraryFolders: [] };
  await expect(
    syscallFault({ pid, calls: ['fsync'], error: 'EIO', tracer }).inject(AbortSignal.timeout(20_000)),
  ).rejects.toMatchObject({ code: 'CAPABILITY_MISSING', hint: expect.stringContaining('Install strace') });
});

it.for<[object, string]>([
  [{ calls: ['conect'], error: 'EIO' }, '"conect" is no system call of this machine: did you mean connect?'],
  [
    { calls: ['connect'], error: 'ECONREFUSED' },
    '"ECONREFUSED" is no error of this machine: did you mean ECONNREFUSED?',
  ],
  [{ calls: ['qqqqqqqqqq'], delayMs: 1 }, '"qqqqqqqqqq" is no system call of this machine'],
])('refuses what strace does not know: %o', async ([options, message], context) => {
  const pid = await started();
  const refused = await syscallFault({ pid, calls: ['fsync'], ...options })
    .inject(AbortSignal.timeout(20_000))
    .catch((error: unknown) => error as Error & { code: string });
  // Only strace can tell.
  if (isChaosError(refused, 'CAPABILITY_MISSING')) return context.skip(refused.message);
  expect(refused).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) as unknown });
  expect((refused as Error).stack).toContain('syscall-fault.test.ts');
});

it.each<[object, string]>([
  [{}, 'exactly one must be given'],
  [{ error: 'EIO', delayMs: 5 }, 'exactly one must be given'],
  [{ error: 'no space' }, 'current error is no space'],
  [{ delayMs: 90_000 }, 'delayMs: current value is 90000'],
])('refuses %o', (options, message) => {
  expect(() => syscallFault({ pid: 1, calls: ['fsync'], ...options })).toThrow(message);
});
