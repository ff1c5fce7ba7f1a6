import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { DriverContext } from '@chaos/spec';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { http } from './http.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let seen: Seen[] = [];
let answer: (request: Seen, response: ServerResponse) => void = (_, response) => response.end('{}');

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = { method: request.method, url: request.url, headers: request.headers, body };
    seen.push(one);
    answer(one, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  seen = [];
  answer = (_, response) => response.end('{}');
});

function contextOf(changes: Partial<DriverContext> = {}): DriverContext {
  let tokens = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    urls: {},
    config: { timeoutMs: 10_000, deadlineFactor: 1 },
    issueToken: async (claims) => `${JSON.stringify(claims)}#${++tokens}`,
    signal: new AbortController().signal,
    ...changes,
  } as DriverContext;
}

async function closedPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  other.close();
  await once(other, 'close');
  return port;
}

const status =
  (code: number, body = ''): typeof answer =>
  (_, response) =>
    response.writeHead(code).end(body);

describe('http()', () => {
  test('sends what an operation is called with, and returns the answer', async () => {
    const api = http({ headers: { accept: 'application/json' } });
    const read = api.get((id: string) => `/notes/${id}`, { headers: () => ({ 'x-own': '1' }) });
    const write = api.put<unknown, [id: string, body: string]>((id) => `/notes/${id}`, {
      body: (_, body) => ({ body }),
    });
    answer = (_, response) => response.end('{"id":"7"}');
    expect(await read(contextOf(), '7')).toEqual({ id: '7' });
    await write(contextOf(), '8', 'text');
    await api.post('/raw', { body: () => 'a=1', headers: () => ({ 'content-type': 'text/plain' }) })(contextOf());
    await api.delete('/notes/7', { as: 'none' })(contextOf());
    expect(await api.patch('/notes/7', { as: 'text' })(contextOf())).toBe('{"id":"7"}');
    expect(seen).toMatchObject([
      { method: 'GET', url: '/notes/7', headers: { accept: 'application/json', 'x-own': '1' }, body: '' },
      { method: 'PUT', url: '/notes/8', headers: { 'content-type': 'application/json' }, body: '{"body":"text"}' },
      { method: 'POST', url: '/raw', headers: { 'content-type': 'text/plain' }, body: 'a=1' },
      { method: 'DELETE', url: '/notes/7' },
      { method: 'PATCH', url: '/notes/7' },
    ]);
  });

  test.each([
    [status(409, 'taken'), 'OPERATION', 'rejected', /^GET \/x answered 409: taken$/],
    [status(500), 'OPERATION', 'unavailable', /^GET \/x answered 500$/],
    [status(503), 'OPERATION', 'unavailable', /503/],
    [status(429), 'OPERATION', 'unavailable', /429/],
    [
      status(404),
      'INVARIANT_VIOLATION',
      undefined,
      /^GET \/x answered 404. That is no answer which the driver expects$/,
    ],
    [status(302), 'INVARIANT_VIOLATION', undefined, /302/],
    [status(200, '{"id":'), 'INVARIANT_VIOLATION', undefined, /answered with a success and no JSON: \{"id":$/],
    [status(200, '{"id":"8"}'), 'INVARIANT_VIOLATION', undefined, /answered \{"id":"8"\}, which is not right$/],
    [(_: Seen, response: ServerResponse) => void response.destroy(), 'OPERATION', 'unknown', /^GET \/x: /],
    [
      (_: Seen, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 100 }).write('half');
        setTimeout(() => response.destroy(), 20);
      },
      'OPERATION',
      'unknown',
      /^GET \/x: /,
    ],
  ])('tells what happened to the request: %#', async (reply, code, outcome, message) => {
    answer = reply;
    const read = http().get<{ id: string }>('/x', { rejected: [409], right: ({ id }) => id === '7' });
    await expect(read(contextOf())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as unknown,
      ...(outcome && { outcome }),
    });
    // Nothing is tried again.
    expect(seen).toHaveLength(1);
  });

  test('reads an answer that the service packed, and bytes as they are', async () => {
    const note = '{"id":"ü"}';
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(note));
    expect(await http().get('/x')(contextOf())).toEqual({ id: 'ü' });
    expect(seen[0]?.headers).toMatchObject({ 'accept-encoding': 'gzip, deflate, br' });
    answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'deflate, br' }).end(brotliCompressSync(deflateSync(note)));
    expect(await http().get('/x', { as: 'text' })(contextOf())).toBe(note);
    answer = (_, response) => response.end(Buffer.from([0, 255, 128]));
    expect(await http().get('/x', { as: 'bytes' })(contextOf())).toEqual(new Uint8Array([0, 255, 128]));
    answer = (_, response) => response.end('\uFEFF{"id":"7"}');
    expect(await http().get('/x')(contextOf())).toEqual({ id: '7' });
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(note);
    await expect(http().get('/x')(contextOf())).rejects.toMatchObject({
      code: 'INVARIANT_VIOLATION',
      message: 'GET /x answered with a body that is no gzip',
    });
  });

  test('a body of DELETE ends where it ends, and the connection is kept', async () => {
    const remove = http().delete('/x', { body: () => ({ reason: 'ü' }) });
    const ports = new Set<number | undefined>();
    answer = (_, response) => {
      ports.add(response.socket?.remotePort);
      response.end('{}');
    };
    for (let call = 0; call < 3; call++) await remove(contextOf());
    expect(seen.map(({ method, body }) => `${method} ${body}`)).toEqual(Array(3).fill('DELETE {"reason":"ü"}'));
    expect(ports.size).toBe(1);
  });

  test('a request that is given up ends its connection, and a reset one does not hang', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (_, response) => void response.once('close', resolve);
    });
    await expect(http({ timeoutMs: 50 }).get('/x')(contextOf())).rejects.toMatchObject({ outcome: 'timeout' });
    await closed;
    answer = (_, response) => void response.socket?.resetAndDestroy();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => http().post(`/x?${index}`, { body: () => 'text' })(contextOf())),
    );
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        reason: { outcome: 'unknown', message: expect.stringMatching(/(ECONNRESET|EPIPE)$/) },
      });
  });

  test('a path that would change the address is a mistake in the driver', async () => {
    await expect(http().get('0/x')(contextOf())).rejects.toThrow(TypeError);
    await http().get('/a b?q=ü')(contextOf());
    expect(seen[0]?.url).toBe('/a%20b?q=%C3%BC');
  });

  test('an answer that does not come in time, and a service that is not there', async () => {
    answer = () => {};
    await expect(http({ timeoutMs: 50 }).get('/x')(contextOf())).rejects.toMatchObject({
      outcome: 'timeout',
      message: 'GET /x: no answer within 50 ms',
    });
    await expect(http().get('/x')(contextOf({ url: `http://127.0.0.1:${await closedPort()}` }))).rejects.toMatchObject({
      outcome: 'unavailable',
      message: 'GET /x: ECONNREFUSED',
    });
    const ended = AbortSignal.abort(new Error('the test ended'));
    await expect(http().get('/x')(contextOf({ signal: ended }))).rejects.toMatchObject({ outcome: 'unknown' });
  });

  test('the time of the client is its own, and longer where the machine is busy', async () => {
    answer = (_, response) => void setTimeout(() => response.end('{}'), 60);
    const read = http().get('/x');
    const quick = { timeoutMs: 20, deadlineFactor: 1 } as DriverContext['config'];
    await expect(read(contextOf({ config: quick }))).rejects.toMatchObject({ outcome: 'timeout' });
    await read(contextOf({ config: { ...quick, deadlineFactor: 200 } }));
    await expect(read(contextOf({ config: { timeoutMs: 10, deadlineFactor: 1.5 } as typeof quick }))).rejects.toThrow(
      'GET /x: no answer within 23 ms (15 ms × 1.5)',
    );
  });

  test('signs one token a test, and another after a 401', async () => {
    const read = http({ auth: { sub: 'user' } }).get('/x', { rejected: [401] });
    const context = contextOf();
    await read(context);
    await read(context);
    answer = status(401);
    await expect(read(context)).rejects.toMatchObject({ outcome: 'rejected' });
    answer = (_, response) => response.end('{}');
    await read(context);
    await read(contextOf());
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer {"sub":"user"}#1',
      'Bearer {"sub":"user"}#1',
      'Bearer {"sub":"user"}#1',
      'Bearer {"sub":"user"}#2',
      'Bearer {"sub":"user"}#1',
    ]);
  });

  test('asks GraphQL, whose errors come with status 200', async () => {
    const read = http().graphql<{ note: { id: string } }, [id: string]>('query ($id: ID!) { note(id: $id) { id } }', {
      variables: (id) => ({ id }),
      right: ({ note }, id) => note.id === id,
    });
    answer = (_, response) => response.end('{"data":{"note":{"id":"7"}}}');
    expect(await read(contextOf(), '7')).toEqual({ note: { id: '7' } });
    expect(seen[0]).toMatchObject({ url: '/graphql', method: 'POST' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      query: 'query ($id: ID!) { note(id: $id) { id } }',
      variables: { id: '7' },
    });
    await expect(read(contextOf(), '8')).rejects.toMatchObject({ code: 'INVARIANT_VIOLATION' });
    answer = (_, response) => response.end('{"errors":[{"message":"no such note"}]}');
    await expect(read(contextOf(), '7')).rejects.toMatchObject({
      outcome: 'rejected',
      message: 'POST /graphql answered with errors: no such note',
    });
    answer = (_, response) =>
      response.end('{"errors":[{"message":"oops","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}');
    await expect(read(contextOf(), '7')).rejects.toMatchObject({ outcome: 'unavailable' });
  });
});
