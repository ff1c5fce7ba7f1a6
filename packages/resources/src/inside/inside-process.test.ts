import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { ActiveFault } from '@chaos/spec';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insideProcess, type InsideProcess } from './inside-process.js';

let child: ChildProcess;
let lines: Interface;
let inside: InsideProcess;
let active: ActiveFault | undefined;
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

// Answers each line with how long a timer of 1 ms was late, how long the thread pool took, and its memory.
const PROGRAM = `
const fs = require('node:fs');
require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const begin = performance.now();
  if (line === 'loop') await new Promise((resolve) => setTimeout(resolve, 1));
  if (line === 'pool') await fs.promises.stat('/');
  if (line === 'memory') return console.log(process.memoryUsage().rss);
  console.log(performance.now() - begin);
});
console.log(JSON.stringify({ options: process.env.NODE_OPTIONS, inside: process.env.CHAOS_INSIDE }));`;

beforeEach(async () => {
  inside = insideProcess('--no-warnings');
  child = spawn(process.execPath, ['-e', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...inside.env },
  });
  lines = createInterface({ input: child.stdout! });
  const [first] = (await once(lines, 'line')) as [string];
  assert.match((JSON.parse(first) as { options: string }).options, /^--no-warnings --import=file:/);
});
afterEach(async () => {
  await active?.heal();
  active = undefined;
  child.kill('SIGKILL');
  await inside[Symbol.asyncDispose]();
});

async function ask(what: 'loop' | 'pool' | 'memory'): Promise<number> {
  const answer = once(lines, 'line');
  child.stdin!.write(`${what}\n`);
  return Number((await answer)[0]);
}

it('blocks the event loop again and again, until it is healed', async () => {
  active = await inside.blockEventLoop({ forMs: 300, everyMs: 320 }).inject(signal());
  // From outside: a blocked program does not even read the question.
  const untilAnswer = async (): Promise<number> => {
    const begin = performance.now();
    await ask('loop');
    return performance.now() - begin;
  };
  // Between two blocks answers are quick, and many of them fit in.
  await expect.poll(untilAnswer, { timeout: 10_000, interval: 1 }).toBeGreaterThan(200);
  await expect.poll(() => active!.met!()!['blocks'], { timeout: 10_000 }).toBeGreaterThan(2);
  await active.heal();
  // Others may keep this machine busy now and then, but not every time.
  await expect.poll(untilAnswer, { timeout: 10_000 }).toBeLessThan(200);
});

it('occupies the threads of the pool, and lets all of them go', async () => {
  active = await inside.saturateThreadPool().inject(signal());
  expect(active.met!()).toEqual({ threads: 4 });
  const waiting = ask('pool');
  // The event loop itself is free; the pool is not.
  const winner = await Promise.race([waiting.then(() => 'pool'), new Promise((done) => setTimeout(done, 300, 'none'))]);
  expect(winner).toBe('none');
  await active.heal();
  expect(await waiting).toBeGreaterThan(250);
  await expect.poll(() => ask('pool'), { timeout: 10_000 }).toBeLessThan(250);
});

it('takes memory and gives it back', async () => {
  const before = await ask('memory');
  active = await inside.takeMemory({ bytes: 64 << 20 }).inject(signal());
  await expect.poll(() => ask('memory'), { timeout: 10_000 }).toBeGreaterThan(before + (60 << 20));
  await expect.poll(() => active!.met!()!['mebibytes'], { timeout: 10_000 }).toBeGreaterThanOrEqual(60);
});

it('tells what is kept, not what is garbage', async () => {
  const before = await inside.keptBytes();
  active = await inside.takeMemory({ bytes: 64 << 20 }).inject(signal());
  await expect.poll(() => active!.met!()!['mebibytes'], { timeout: 10_000 }).toBe(64);
  expect((await inside.keptBytes()) - before).toBeGreaterThan(60 << 20);
  await active.heal();
  await expect.poll(async () => (await inside.keptBytes()) - before, { timeout: 10_000 }).toBeLessThan(4 << 20);
});

it('keeps no program alive, and says when there is none', async () => {
  child.stdin!.end();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  await expect(inside.blockEventLoop({ forMs: 10 }).inject(signal())).rejects.toMatchObject({
    code: 'ENVIRONMENT',
    message: expect.stringContaining('it does not listen'),
  });
});

it.each<[() => unknown, string]>([
  [() => inside.blockEventLoop({ forMs: 0 }), 'forMs: current value is 0'],
  [() => inside.blockEventLoop({ forMs: 10, everyMs: 5 }), 'everyMs: current value is 5'],
  [() => inside.saturateThreadPool({ threads: 0 }), 'threads: current value is 0'],
  [() => inside.takeMemory({ bytes: 5 }), 'bytes: current value is 5'],
])('refuses %o', (make, message) => {
  expect(make).toThrow(message);
});
