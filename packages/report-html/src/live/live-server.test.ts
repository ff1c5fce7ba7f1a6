import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer } from './answer.js';
import { startLiveServer, type LiveServer } from './live-server.js';

const nothing = { run() {}, stop() {}, watch() {} };
const servers: LiveServer[] = [];
let server: LiveServer;
beforeAll(async () => {
  servers.push(await startLiveServer(nothing), await startLiveServer(nothing));
  server = servers[0]!;
});
afterAll(() => Promise.all(servers.map((each) => each.close())));

interface Asked {
  readonly path: string;
  readonly cookie?: string;
  readonly body?: string;
}

function ask(of: LiveServer, { path, cookie, body }: Asked): Promise<{ status: number; cookie: string; type: string }> {
  const { host, port, origin } = new URL(of.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host, origin, ...(cookie !== undefined && { cookie }) },
      },
      ({ statusCode, headers: { 'set-cookie': cookies, 'content-type': type } }) =>
        resolve({ status: statusCode!, cookie: cookies?.[0]?.split(';')[0] ?? '', type: String(type) }),
    );
    asked.on('error', reject).end(body);
  });
}

const enter = async (of: LiveServer): Promise<string> =>
  (await ask(of, { path: `/?${new URL(of.url).searchParams.toString()}` })).cookie;

it('answers any request, and goes on', async () => {
  // Of whoever has no token, too: none of these may end the run.
  expect((await ask(server, { path: '//' })).status).toBe(400);
  expect((await ask(server, { path: 'http://[' })).status).toBe(400);
  const cookie = await enter(server);
  expect((await ask(server, { path: '/api/detail/%zz', cookie })).status).toBe(400);
  for (const body of ['{', ' '.repeat(2 ** 20 + 1)])
    expect((await ask(server, { path: '/api/run', cookie, body })).status).toBe(400);
  for (const body of ['null', '1', '{"ids":[{"toString":1}]}'])
    expect((await ask(server, { path: '/api/run', cookie, body })).status).toBe(202);
  expect((await ask(server, { path: '/', cookie })).status).toBe(200);
});

it('sends what has a type that HTTP cannot say as bytes', async () => {
  await using plain = createServer((_, response) => answer(response, 200, 'text/plain\nx: y', 'hello')).listen(0);
  await once(plain, 'listening');
  const { port } = plain.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(await response.text()).toBe('hello');
});

it('keeps its cookie beside that of another one', async () => {
  const [first, second] = [await enter(servers[1]!), await enter(await anew())];
  const cookie = `${first}; ${second}`;
  expect(first.split('=')[0]).not.toBe(second.split('=')[0]);
  expect((await ask(servers[1]!, { path: '/', cookie })).status).toBe(200);
  expect((await ask(servers[2]!, { path: '/', cookie })).status).toBe(200);
});

async function anew(): Promise<LiveServer> {
  const started = await startLiveServer(nothing);
  servers.push(started);
  return started;
}
