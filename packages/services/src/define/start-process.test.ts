import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { isRunning } from '@chaos/env/process';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../testing/free-port.js';
import { createMemoryJournal } from '../testing/memory-journal.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { startProcess, type SlotProcess, type StartProcessOptions } from './start-process.js';

const signal = AbortSignal.timeout(120_000);
// Answers with its pid and the folder that it runs in.
const SCRIPT = `
  console.log('here I am');
  require('net').createServer((socket) => socket.end(process.pid + ' ' + process.argv[2]))
    .listen(Number(process.argv[1]), '127.0.0.1');`;

async function ask(port: number, asking: AbortSignal): Promise<readonly string[]> {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  const abort = (): void => void socket.destroy(new Error('silent'));
  asking.addEventListener('abort', abort);
  try {
    const chunks: string[] = [];
    for await (const chunk of socket.setEncoding('utf8')) chunks.push(chunk as string);
    return chunks.join('').split(' ');
  } finally {
    asking.removeEventListener('abort', abort);
  }
}

async function start(options: Partial<StartProcessOptions> = {}): Promise<{
  readonly process: SlotProcess;
  readonly port: number;
  readonly journal: ReturnType<typeof createMemoryJournal>;
}> {
  const directory = temporaryDirectory();
  onTestFinished(() => directory[Symbol.dispose]());
  const journal = createMemoryJournal();
  const port = options.port ?? (await freePort());
  const started = await startProcess({
    title: 'Echo',
    context: { directory: directory.path, journal, log() {}, startTimeoutMs: 30_000 },
    program: { executable: process.execPath, libraryFolders: [] },
    args: (folder) => ['-e', SCRIPT, String(port), folder],
    port,
    probe: async (probing) => void (await ask(port, probing)),
    signal,
    ...options,
  });
  onTestFinished(() => started[Symbol.asyncDispose]());
  return { process: started, port, journal };
}

test('runs in a folder of its own, is journalled, and leaves nothing behind', async () => {
  const { process: running, port, journal } = await start();
  await running.ready(signal);
  const [pid, folder = ''] = await ask(port, signal);
  expect(running.pid).toBe(Number(pid));
  expect(running.logTail()).toContain('here I am');
  expect(existsSync(folder)).toBe(true);
  expect(journal.open()).not.toEqual([]);
  await running[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
  expect([existsSync(folder), running.pid, journal.open()]).toEqual([false, undefined, []]);
});

test.each(['kill', 'restart'] as const)(
  '%s: down until it is healed, then another process on the same port',
  async (name) => {
    const { process: running, port } = await start();
    const before = running.pid;
    const fault = running[name]();
    expect(fault.name).toMatch(/^Echo (SIGKILL|restart)$/);
    const active = await fault.inject(signal);
    expect(running.pid).toBeUndefined();
    await expect(running.ready(signal)).rejects.toMatchObject({ code: 'SERVICE_DOWN' });
    await active.heal();
    await running.ready(signal);
    expect(running.pid).not.toBe(before);
    expect((await ask(port, signal))[0]).toBe(String(running.pid));
  },
);

test('stop: silent until it is healed, then the same process', async () => {
  const { process: running } = await start();
  const { pid } = running;
  const active = await running.stop().inject(signal);
  await expect(running.ready(AbortSignal.timeout(300))).rejects.toThrow('silent');
  await active.heal();
  await running.ready(signal);
  expect(running.pid).toBe(pid);
});

test('one that ends at once, and a port that is taken, are told with the reason; nothing is left', async () => {
  const journal = createMemoryJournal();
  const directory = temporaryDirectory();
  onTestFinished(() => directory[Symbol.dispose]());
  const context = { directory: directory.path, journal, log() {}, startTimeoutMs: 30_000 };
  const args = (): string[] => ['-e', 'console.log("no licence", process.pid); process.exit(4)'];
  const failure: unknown = await start({ context, args }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'ENVIRONMENT',
    message: expect.stringMatching(/^Cannot start Echo: it ended with exit code 4 before it was ready\nno licence \d+/),
  });
  expect(isRunning({ pid: Number(/no licence (\d+)/.exec(String(failure))?.[1]), startTime: 0 })).toBe(false);

  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(start({ context, port })).rejects.toThrow(`Cannot start Echo: port ${port} of 127.0.0.1 is not free`);
  expect(journal.open()).toEqual([]);
});
