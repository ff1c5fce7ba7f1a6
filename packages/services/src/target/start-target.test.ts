import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { noJournal } from '@chaos/spec';
import { afterEach, describe, expect, test } from 'vitest';
import { readProcessStat } from '@chaos/env/process';
import { startTarget } from './start-target.js';
import type { TargetOptions, TargetProcess } from './target-process.js';

const never = new AbortController().signal;
const listen = (answer: string): string =>
  `require('http').createServer((request, response) => { ${answer} }).listen(Number(process.env.PORT), '127.0.0.1');`;
const HEALTHY = listen(`response.end(JSON.stringify({ pid: process.pid, path: request.url, env: process.env }))`);

let target: TargetProcess | undefined;

afterEach(async () => {
  await target?.[Symbol.asyncDispose]();
  target = undefined;
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function options(script: string, changes: Partial<TargetOptions> = {}): Promise<TargetOptions> {
  const port = await freePort();
  return {
    command: ['node', '-e', script],
    wrap: [],
    cwd: '/',
    env: { PORT: String(port) },
    port,
    ready: { path: '/ready', timeoutMs: 10_000 },
    journal: noJournal,
    log: () => undefined,
    signal: never,
    ...changes,
  };
}

async function start(script: string, changes: Partial<TargetOptions> = {}): Promise<TargetProcess> {
  target = await startTarget(await options(script, changes));
  return target;
}

async function ask({ url }: TargetProcess): Promise<{ pid: number; env: NodeJS.ProcessEnv }> {
  return (await (await fetch(url, { headers: { connection: 'close' } })).json()) as {
    pid: number;
    env: NodeJS.ProcessEnv;
  };
}

describe('startTarget()', () => {
  test('runs the command with its environment, and little of ours', async () => {
    process.env['NODE_OPTIONS'] = '--no-warnings';
    const { pid, url } = await start(HEALTHY);
    delete process.env['NODE_OPTIONS'];
    const answer = await ask({ url } as TargetProcess);
    expect(answer.pid).toBe(pid);
    expect(answer.env).toMatchObject({ PORT: new URL(url).port, PATH: process.env['PATH'] });
    expect(answer.env).not.toHaveProperty('NODE_OPTIONS');
    expect(answer.env).not.toHaveProperty('VITEST');
  });

  test('waits through answers that are not 2xx', async () => {
    const running = await start(
      `let n = 0; ${listen(`response.writeHead(++n < 3 ? 503 : 204).end(); if (n === 3) console.log('third')`)}`,
    );
    await expect.poll(() => running.logTail()).toContain('third');
  });

  test('says how it exited, with its log', async () => {
    await expect(start(`console.error('no database'); process.exitCode = 7`)).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(
        /^Cannot get the target ready: it exited with code 7; its last output:\nno database/,
      ),
      data: { exitCode: 7 },
    });
  });

  test('says that the program cannot be run', async () => {
    await expect(start('', { command: ['/does/not/exist'] })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining('/does/not/exist'),
    });
  });

  test('gives up on one that never gets ready, and ends it', async () => {
    let pid = 0;
    const started = start(listen(`response.writeHead(503).end()`) + `console.log('pid', process.pid)`, {
      ready: { path: '/ready', timeoutMs: 2000 },
      log: (line) => (pid = Number(line.split(' ')[1])),
    });
    await expect(started).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(
        /^Cannot get the target ready within 2000 ms: the last answer of http:\/\/127\.0\.0\.1:\d+\/ready is HTTP 503; its last output:\npid \d+/,
      ),
    });
    expect(pid).toBeGreaterThan(0);
    expect([undefined, 'Z']).toContain(readProcessStat(pid)?.state);
  });

  test('gives up on one that accepts and never answers', async () => {
    await expect(start(listen(''), { ready: { path: '/', timeoutMs: 2000 } })).rejects.toThrow(
      /the last answer of .* is no answer within \d+ ms \(it wrote nothing\)/,
    );
  });

  test('refuses a port on which another would answer', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start(HEALTHY, { port })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining(`Cannot start the target: port ${port}`),
    });
    other.close();
  });

  test('ends what it started when aborted', async () => {
    const controller = new AbortController();
    let pid = 0;
    const log = (line: string): void => {
      pid = Number(line);
      controller.abort(new Error('enough'));
    };
    await expect(
      start('console.log(process.pid); setInterval(() => {}, 1000)', { signal: controller.signal, log }),
    ).rejects.toThrow('enough');
    expect([undefined, 'Z']).toContain(readProcessStat(pid)?.state);
  });
});

describe('TargetProcess', () => {
  test('restarts on the same port', async () => {
    const running = await start(HEALTHY);
    const before = running.pid;
    await running.restart(never);
    expect(running.pid).not.toBe(before);
    expect((await ask(running)).pid).toBe(running.pid);
  });

  test('restarts one that ignores SIGTERM', async () => {
    const running = await start(`${HEALTHY} process.on('SIGTERM', () => {});`);
    const before = running.pid;
    await running.restart(never);
    expect([undefined, 'Z']).toContain(readProcessStat(before)?.state);
    expect((await ask(running)).pid).not.toBe(before);
  });

  test('kill() leaves nobody on the port until it is healed, once', async () => {
    const running = await start(HEALTHY);
    const before = running.pid;
    const fault = await running.kill().inject(never);
    expect(running.alive()).toBe(false);
    await expect(running.ready(5000, never)).rejects.toThrow(/exited by SIGKILL/);
    await expect(ask(running)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await Promise.all([fault.heal(), fault.heal()]);
    const after = running.pid;
    expect(after).not.toBe(before);
    await fault.heal();
    expect((await ask(running)).pid).toBe(after);
  });

  test('stays dead until the last of two kills is healed', async () => {
    const running = await start(HEALTHY);
    const [one, two] = await Promise.all([running.kill().inject(never), running.kill().inject(never)]);
    await one.heal();
    expect(running.alive()).toBe(false);
    await two.heal();
    await running.ready(5000, never);
  });

  test('stop() stops it in its tracks until it is healed', async () => {
    const running = await start(HEALTHY);
    const fault = await running.stop().inject(never);
    expect(readProcessStat(running.pid)?.state).toBe('T');
    await expect(running.ready(300, never)).rejects.toThrow(/no answer within/);
    await fault.heal();
    await fault.heal();
    await running.ready(5000, never);
  });

  test('stop() refuses one that is not running', async () => {
    const running = await start(HEALTHY);
    await using _ = await running.kill().inject(never);
    await expect(running.stop().inject(never)).rejects.toMatchObject({ code: 'FAULT_REFUSED' });
  });

  test('restarts one that is stopped', async () => {
    const running = await start(HEALTHY);
    const fault = await running.stop().inject(never);
    await running.restart(never);
    await fault.heal();
    expect((await ask(running)).pid).toBe(running.pid);
  });

  test('is gone with all that it started', async () => {
    const running = await start(
      `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true }); console.log(child.pid); ${HEALTHY}`,
    );
    await expect.poll(() => running.logTail()).toMatch(/\d+/);
    const child = Number(running.logTail());
    const fault = await running.kill().inject(never);
    expect([undefined, 'Z']).toContain(readProcessStat(child)?.state);
    await running[Symbol.asyncDispose]();
    await fault.heal();
    expect(running.alive()).toBe(false);
    await expect(ask(running)).rejects.toThrow();
  });
});
