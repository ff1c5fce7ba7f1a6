import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InspectorMessage, Take } from './look-for-loop.js';

/**
 * Sends commands to the inspector at this `ws:` address and passes messages to `take`, until `take` returns a result.
 * Source: RFC 6455; Node 20 has no WebSocket client, and this small part needs no library.
 */
export async function askInspector<T>(
  url: string,
  commands: readonly string[],
  take: Take<T>,
  signal: AbortSignal,
): Promise<T> {
  const socket = await open(url, signal);
  try {
    let id = 0;
    const send = (method: string, params?: object): void =>
      void socket.write(textFrame(JSON.stringify({ id: id++, method, params })));
    for (const method of commands) send(method);
    let data: Buffer = Buffer.alloc(0);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      data = Buffer.concat([data, chunk]);
      for (let frame = readFrame(data); frame; frame = readFrame(data)) {
        data = frame.rest;
        const answer = take(JSON.parse(frame.text) as InspectorMessage, send);
        if (answer !== undefined) return answer;
      }
    }
    throw new Error('The inspector has hung up');
  } finally {
    socket.destroy();
  }
}

function open(url: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asking = request(url.replace(/^ws:/, 'http:'), {
      signal,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    asking
      .on('error', reject)
      .on('response', () => reject(new Error('The inspector refuses')))
      .on('upgrade', (_, socket, head) => {
        socket.unshift(head);
        signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true });
        resolve(socket);
      });
    asking.end();
  });
}

// A client must mask its frames; commands are below 64 KiB.
function textFrame(text: string): Buffer {
  const data = Buffer.from(text);
  const mask = randomBytes(4);
  for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) ^ (mask[index % 4] ?? 0);
  const length = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length]), mask, data]);
}

function readFrame(data: Buffer): { readonly text: string; readonly rest: Buffer } | undefined {
  if (data.length < 2) return undefined;
  const short = (data[1] ?? 0) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < start) return undefined;
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < start + length) return undefined;
  return { text: data.toString('utf8', start, start + length), rest: data.subarray(start + length) };
}
