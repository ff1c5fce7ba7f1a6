import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN } from './support/start-chaos.ts';

// `chaos proxy`: a process of its own that speaks Toxiproxy's HTTP API.

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'chaos-proxy-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Command {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  url(): Promise<string>;
}

function start(...flags: string[]): Command {
  const child = spawn(process.execPath, [BIN, 'proxy', ...flags], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    ended,
    async url() {
      while (!output.includes('steered at'))
        await Promise.race([
          once(child.stderr as NodeJS.ReadableStream, 'data'),
          ended.then(() => Promise.reject(new Error(output))),
        ]);
      return /http:\/\/\S+/.exec(output)?.[0] ?? '';
    },
  };
}

function config(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

test('serves the proxies of a config, and ends orderly', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const command = start(
    '--port',
    '0',
    '--seed',
    'again',
    '--proxy-metrics',
    '--config',
    config('toxiproxy.json', JSON.stringify([{ name: 'echo', listen: '127.0.0.1:0', upstream, enabled: true }])),
  );
  const url = await command.url();
  expect(command.output()).toContain('1 of them now. Seed: again');
  const { echo } = (await (await fetch(`${url}/proxies`)).json()) as { echo: { listen: string } };
  const socket = connect(Number(echo.listen.split(':')[1]), '127.0.0.1');
  socket.write('hello');
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toBe('hello');
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'toxiproxy_proxy_sent_bytes_total{direction="upstream"',
  );
  const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
  command.child.kill('SIGTERM');
  expect(await command.ended).toBe(0);
  await closed;
  server.close();
});

test.each([
  ['a port that is none', ['--port', 'http'], 2, '--port is "http"'],
  ['a config that is not there', ['--config', 'none.json'], 2, 'Cannot read --config none.json: ENOENT'],
  ['a flag that is none', ['--hots', 'x'], 2, '--host'],
])('refuses %s', async (_, flags, code, text) => {
  const command = start('--port', '0', ...flags);
  expect(await command.ended).toBe(code);
  expect(command.output()).toContain(text);
});

test('refuses a config with a mistake, and a taken port', async () => {
  const bad = start('--port', '0', '--config', config('bad.json', '[{ "name": "x" }]'));
  expect([await bad.ended, bad.output()]).toEqual([
    2,
    expect.stringContaining('missing required field: upstream at proxy 1 (--config bad.json)'),
  ]);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const late = start('--port', String((taken.address() as AddressInfo).port));
  expect([await late.ended, late.output()]).toEqual([3, expect.stringContaining('EADDRINUSE')]);
  taken.close();
});
