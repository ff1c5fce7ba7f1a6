import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    setup: undefined,
    databaseUrl: undefined,
    journal: noJournal,
    log: () => undefined,
    onProcess: async () => undefined,
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

describe('what a target does by itself', () => {
  const TELLING = `const http = require('http');
    const answer = (request, response) => {
      if (request.url === '/die') { console.error('FATAL: out of luck'); process.exit(7); }
      if (request.url === '/kill') process.kill(process.pid, 'SIGKILL');
      if (request.url === '/warn') Promise.reject(new Error('lost'));
      if (request.url === '/deaf') setInterval(() => {}, server.close() && 1000);
      if (request.url === '/again') server.close(() => (server = listen()));
      if (request.url === '/again' || request.url === '/deaf') server.closeIdleConnections();
      response.setHeader('connection', 'close');
      response.end('ok');
    };
    const listen = () => http.createServer(answer).listen(Number(process.env.PORT), '127.0.0.1');
    let server = listen();`;

  async function call({ url }: TargetProcess, path: string): Promise<void> {
    await fetch(url + path).then(
      (response) => response.text(),
      () => undefined,
    );
  }

  test('is nothing as long as it runs, is restarted, killed or stopped by us', async () => {
    const running = await start(TELLING);
    await running.restart(never);
    await (await running.kill().inject(never)).heal();
    await (await running.stop().inject(never)).heal();
    await call(running, '/');
    expect(await running.incidents(never)).toEqual([]);
  });

  test.each([
    ['/die', 'target exited with code 7', 'FATAL: out of luck'],
    ['/kill', 'target exited by SIGKILL', ''],
  ])('is an incident at once when it ends: %s', async (path, what, detail) => {
    const running = await start(TELLING);
    const before = Date.now();
    await call(running, path);
    const [incident, ...others] = await running.incidents(never);
    expect(incident).toMatchObject({ code: 'TARGET_EXITED', what, detail });
    expect(incident?.atMs).toBeGreaterThanOrEqual(before);
    expect([...others, ...(await running.incidents(never))]).toEqual([]);
  });

  test('is an incident when it ended before we killed it', async () => {
    const running = await start(TELLING);
    await call(running, '/die');
    await expect.poll(() => running.alive()).toBe(false);
    await (await running.kill().inject(never)).heal();
    expect(await running.incidents(never)).toMatchObject([{ what: 'target exited with code 7' }]);
  });

  test('is an incident when it lives, and listens no more or again', async () => {
    const running = await start(TELLING);
    await call(running, '/again');
    await expect
      .poll(() =>
        fetch(running.url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    expect(await running.incidents(never)).toMatchObject([
      {
        what: expect.stringMatching(/^target was started again within its process \d+: another socket listens on port/),
      },
    ]);
    await call(running, '/deaf');
    expect(await running.incidents(never)).toMatchObject([
      { what: expect.stringMatching(/^target stopped listening on port \d+, though its process \d+ runs$/) },
    ]);
  });

  test('is an incident when a program within it dies and is started again', async () => {
    const supervisor = `const { spawn } = require('child_process');
      const run = () => spawn(process.execPath, ['-e', ${JSON.stringify(TELLING)}], { stdio: 'inherit' }).on('exit', run);
      run();`;
    const running = await start(supervisor);
    await call(running, '/die');
    expect(await running.incidents(never)).toMatchObject([
      { what: expect.stringMatching(/^target was started again within its process/), detail: 'FATAL: out of luck' },
    ]);
  });

  test('is an incident when it leaves a rejection unhandled and lives', async () => {
    const running = await start(TELLING, { command: ['node', '--unhandled-rejections=warn', '-e', TELLING] });
    await call(running, '/warn');
    await expect.poll(() => running.logTail()).toContain('UnhandledPromiseRejectionWarning');
    expect(await running.incidents(never)).toMatchObject([{ what: 'target left a rejected promise unhandled' }]);
  });

  test('is no incident when it was expected, before or after', async () => {
    const running = await start(TELLING);
    await call(running, '/die');
    expect(await running.expectExit({ timeoutMs: 10_000 }, never)).toEqual({ code: 7, signal: null });
    expect(await running.incidents(never)).toEqual([]);
    await running.restart(never);
    const exit = running.expectExit({ code: 7, timeoutMs: 10_000 }, never);
    await call(running, '/die');
    await exit;
    expect(await running.incidents(never)).toEqual([]);
  });

  test('is an error where another exit was expected, or none came', async () => {
    const running = await start(TELLING);
    await expect(running.expectExit({ code: 0, timeoutMs: 50 }, never)).rejects.toMatchObject({
      code: 'EXIT_MISSING',
      message: 'The target was to exit with code 0 within 50 ms, and still runs (it wrote nothing)',
    });
    await call(running, '/die');
    await expect(running.expectExit({ code: 0, timeoutMs: 10_000 }, never)).rejects.toMatchObject({
      message: 'The target was to exit with code 0, and exited with code 7; its last output:\nFATAL: out of luck',
    });
  });

  test('is told to whoever asks for its process', async () => {
    const told: boolean[] = [];
    const running = await start(TELLING, { onProcess: async (pid) => void told.push(pid !== undefined) });
    await running.restart(never);
    await call(running, '/die');
    await running.expectExit({ timeoutMs: 10_000 }, never);
    await expect.poll(() => told).toEqual([true, false, true, false]);
  });
});

describe('ways to be ready', () => {
  const SILENT = 'setInterval(() => {}, 1000);';

  test.each([
    ['a text of its output', `setTimeout(() => console.log('worker is up'), 50);${SILENT}`, { log: 'is up' }],
    [
      'a pattern of its output',
      `setTimeout(() => console.log('up in 7 ms'), 50);${SILENT}`,
      { log: '/up in \\d+ ms$/' },
    ],
    [
      'its port',
      `setTimeout(() => require('net').createServer().listen(process.env.PORT, '127.0.0.1'), 50)`,
      { port: true },
    ],
    ['its life', SILENT, { aliveMs: 100 }],
  ] as const)('%s', async (_, script, ready) => {
    const running = await start(script, { ready: { ...ready, timeoutMs: 10_000 } });
    await running.restart(never);
    await running.ready(1000, never);
    expect(running.alive()).toBe(true);
    expect(await running.incidents(never)).toEqual([]);
  });

  test('a command, which has its environment', async () => {
    const look = 'test -e "$FLAG" || { echo no flag yet >&2; exit 4; }';
    const folder = mkdtempSync(join(tmpdir(), 'chaos-ready-'));
    const env = { FLAG: join(folder, 'flag') };
    const ready = { command: ['sh', '-c', look] as const };
    const set = `setTimeout(() => require('fs').writeFileSync(process.env.FLAG, ''), 100);`;
    await start(set + SILENT, { env, ready: { ...ready, timeoutMs: 10_000 } });
    await target?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
    await expect(start(SILENT, { env, ready: { ...ready, timeoutMs: 700 } })).rejects.toThrow(
      /the last answer of .* is exit code 4 \(no flag yet\)/,
    );
    await expect(start(SILENT, { env, ready: { command: ['sleep', '1000'], timeoutMs: 300 } })).rejects.toThrow(
      /the last answer of sleep 1000 is no end within \d+ ms/,
    );
  });

  test('none of them in time', async () => {
    await expect(start(SILENT, { ready: { log: 'up', timeoutMs: 100 } })).rejects.toThrow(
      'Cannot get the target ready within 100 ms: the last answer of its output, which is to have "up" is no such line (it wrote nothing)',
    );
    await expect(start('', { ready: { aliveMs: 5000, timeoutMs: 10_000 } })).rejects.toThrow(/it exited with code 0/);
  });

  test('a set-up comes first, and must succeed', async () => {
    const setup = ['node', '-e', `require('fs').writeFileSync(process.env.MADE, 'made')`] as const;
    const folder = mkdtempSync(join(tmpdir(), 'chaos-setup-'));
    const env = { MADE: join(folder, 'made') };
    const script = `if (!require('fs').existsSync(process.env.MADE)) process.exit(1); ${SILENT}`;
    await start(script, { env, setup, ready: { aliveMs: 50, timeoutMs: 10_000 } });
    rmSync(folder, { recursive: true });
    await expect(
      start(SILENT, { setup: ['node', '-e', `console.log('no such role'); process.exit(3)`] }),
    ).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(
        /^Cannot set the target up by .*: it exited with code 3; its last output:\nno such role$/,
      ),
    });
  });

  test('a set-up ends with the process that started it, though that was SIGKILLed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-setup-'));
    const file = join(folder, 'pid');
    const setup = ['sh', '-c', 'echo $$ > "$PID_FILE.new" && mv "$PID_FILE.new" "$PID_FILE" && exec sleep 1000'];
    const given = { ...(await options('', { setup, env: { PID_FILE: file } })), signal: undefined };
    const starter = `import { startTarget } from '@chaos/services/target';
      const { signal } = new AbortController();
      const calls = { log() {}, async onProcess() {}, journal: { record: () => ({ settle() {} }) } };
      await startTarget({ ...JSON.parse(process.argv[1]), ...calls, signal });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', starter, JSON.stringify(given)], {
      cwd: import.meta.dirname,
      stdio: 'ignore',
    });
    await expect.poll(() => existsSync(file), { timeout: 30_000 }).toBe(true);
    const pid = Number(readFileSync(file, 'utf8'));
    expect(readProcessStat(pid)?.state).toBe('S');
    parent.kill('SIGKILL');
    await expect
      .poll(() => [undefined, 'Z', 'X'].includes(readProcessStat(pid)?.state), { timeout: 10_000 })
      .toBe(true);
    rmSync(folder, { recursive: true });
  });

  test('a restart may add to its environment, until the next one', async () => {
    const running = await start(HEALTHY);
    const pool = async (): Promise<string | undefined> => (await ask(running)).env['POOL'];
    await running.restart(never, { POOL: '1' });
    expect(await pool()).toBe('1');
    await running.restart(never);
    expect(await pool()).toBeUndefined();
  });

  test('a graceful stop is no incident, and one that is ignored an error', async () => {
    const running = await start(`process.on('SIGTERM', () => process.exit(0)); ${HEALTHY}`);
    expect(await running.shutdown(10_000, never)).toEqual({ code: 0, signal: null });
    expect(await running.incidents(never)).toEqual([]);
    await running[Symbol.asyncDispose]();
    const deaf = await start(`process.on('SIGTERM', () => {}); ${HEALTHY}`);
    await expect(deaf.shutdown(100, never)).rejects.toMatchObject({ code: 'EXIT_MISSING' });
  });
});

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

  test('says that it is not installed, in words of ours, and how it was started', async () => {
    await expect(start('', { command: ['no-such-program', '--port', 'a b'] })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: 'Cannot get the target ready: no-such-program is not installed, or not on PATH',
      hint: 'It was started as no-such-program --port "a b". chaos doctor shows what this machine lacks.',
    });
  });

  test('says how its time to get ready was stretched', async () => {
    const ready = { log: 'up', timeoutMs: 50, stretched: '25 ms × 2' };
    await expect(start('setInterval(() => {}, 1000)', { ready })).rejects.toThrow(
      /^Cannot get the target ready within 50 ms \(25 ms × 2\): the last answer/,
    );
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
