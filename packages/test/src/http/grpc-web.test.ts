import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DriverContext } from '@chaos/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { http } from './http.js';

// As the specification has them: flags, length, content.
const frame = (flags: number, content: string): Buffer => {
  const head = Buffer.from([flags, 0, 0, 0, Buffer.byteLength(content)]);
  return Buffer.concat([head, Buffer.from(content)]);
};
const message = (text: string): Buffer => frame(0, text);
const trailers = (status: number, text?: string): Buffer =>
  frame(0x80, `grpc-status: ${status}\r\n${text === undefined ? '' : `grpc-message: ${text}\r\n`}`);

let server: Server;
let answer: { readonly body: Buffer; readonly headers?: OutgoingHttpHeaders; readonly status?: number };
let asked: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked = { url: request.url, headers: request.headers, body: Buffer.concat(chunks) };
    const { status = 200, headers, body } = answer;
    response.writeHead(status, { 'content-type': 'application/grpc-web+proto', ...headers }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const context = (): DriverContext =>
  ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    urls: {},
    config: { timeoutMs: 10_000, deadlineFactor: 1 },
    issueToken: async () => 'signed',
    signal: new AbortController().signal,
  }) as unknown as DriverContext;

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const read = http({ auth: { sub: 'user' } }).grpcWeb<string, [id: string]>('/notes.Notes/Read', {
  body: (id) => Buffer.from(id),
  read: text,
  rejected: ['NOT_FOUND'],
  right: (note, id) => note === `note ${id}`,
});

describe('grpcWeb()', () => {
  test('sends one message and reads one', async () => {
    answer = { body: Buffer.concat([message('note 7'), trailers(0)]) };
    expect(await read(context(), '7')).toBe('note 7');
    expect(asked).toMatchObject({
      url: '/notes.Notes/Read',
      body: Buffer.from([0, 0, 0, 0, 1, 0x37]),
      headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1', authorization: 'Bearer signed' },
    });
    expect(await http().grpcWeb('/notes.Notes/Read')(context())).toEqual(new Uint8Array(Buffer.from('note 7')));
    expect(asked.body).toEqual(Buffer.alloc(5));
  });

  test.each([
    [trailers(5, 'no%20such%20n%C3%B6te'), 'rejected', 'gRPC /notes.Notes/Read answered NOT_FOUND: no such nöte'],
    [trailers(14), 'unavailable', 'gRPC /notes.Notes/Read answered UNAVAILABLE'],
    [trailers(13), 'unavailable', /INTERNAL/],
    [trailers(4), 'timeout', /DEADLINE_EXCEEDED/],
    [trailers(2, '100%'), 'unknown', /UNKNOWN: 100%$/],
    [trailers(7, 'no'), undefined, /PERMISSION_DENIED: no. That is no answer which the driver expects$/],
    [Buffer.concat([message('note 8'), trailers(0)]), undefined, /answered 'note 8', which is not right$/],
    [Buffer.concat([message('a'), message('b'), trailers(0)]), undefined, /2 messages, not with one$/],
    [trailers(0), undefined, /0 messages/],
    [message('note 7'), undefined, /answered with no status$/],
    [trailers(99), undefined, /answered with status 99$/],
    [message('note 7').subarray(0, 8), undefined, /8 bytes that are no frame/],
    [Buffer.from('<html>'), undefined, /6 bytes that are no frame/],
    [frame(1, 'packed'), undefined, /compressed/],
    [Buffer.concat([frame(0, '\u00ff'), trailers(0)]), undefined, /which is not right$/],
  ])('tells what happened to the call: %#', async (body, outcome, said) => {
    answer = { body };
    await expect(read(context(), '7')).rejects.toMatchObject({
      code: outcome ? 'OPERATION' : 'INVARIANT_VIOLATION',
      message: typeof said === 'string' ? said : (expect.stringMatching(said) as unknown),
      ...(outcome && { outcome }),
    });
  });

  test('takes the status from the headers where there is no message, and judges those of HTTP', async () => {
    answer = { body: Buffer.alloc(0), headers: { 'grpc-status': '5', 'grpc-message': 'none' } };
    await expect(read(context(), '7')).rejects.toMatchObject({
      outcome: 'rejected',
      message: expect.stringMatching(/NOT_FOUND: none$/) as unknown,
    });
    answer = { body: Buffer.from('busy'), status: 503 };
    await expect(read(context(), '7')).rejects.toMatchObject({ outcome: 'unavailable' });
    answer = { body: Buffer.alloc(0), status: 404 };
    await expect(read(context(), '7')).rejects.toMatchObject({ code: 'INVARIANT_VIOLATION' });
  });

  test('bytes that the driver cannot read are a wrong answer', async () => {
    answer = { body: Buffer.concat([Buffer.from([0, 0, 0, 0, 1, 0xff]), trailers(0)]) };
    await expect(read(context(), '7')).rejects.toMatchObject({
      code: 'INVARIANT_VIOLATION',
      message: 'gRPC /notes.Notes/Read answered with 1 bytes that the driver cannot read',
    });
  });
});
