import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createProxy } from './create-proxy.js';
import type { ProxyEvent } from './proxy.js';
import { connectCode, echo, freePort, rig, roundTrip, watch } from './tcp.test.helpers.js';

describe('an upstream that is down', () => {
  it('is told of', async () => {
    const port = await freePort();
    const events: ProxyEvent[] = [];
    await using proxy = await createProxy({
      name: 'x',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port },
      onEvent: (event) => events.push(event),
    });
    await watch(connect(proxy.listen)).closed;
    await vi.waitUntil(() => events.length === 3);
    expect(events).toMatchObject([
      { type: 'connection-opened' },
      {
        type: 'connection-failed',
        error: { code: 'UPSTREAM_UNREACHABLE', message: `Cannot dial 127.0.0.1:${port}: ECONNREFUSED` },
      },
      { type: 'connection-closed' },
    ]);
  });

  it('makes the proxy refuse where that is wanted, until it is back', async () => {
    const port = await freePort();
    await using proxy = await createProxy({
      name: 'x',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port },
      refuseWhileDown: { everyMs: 10 },
    });
    await watch(connect(proxy.listen)).closed;
    expect([await connectCode(proxy.listen), proxy.isClean()]).toEqual(['ECONNREFUSED', false]);
    const server = createServer((socket) => echo(socket.on('error', () => {}))).listen(port, '127.0.0.1');
    await vi.waitUntil(() => proxy.isClean());
    const socket = connect(proxy.listen);
    await once(socket, 'connect');
    expect(await roundTrip(socket, 'back')).toBe('back');
    socket.destroy();
    server.close();
  });

  it('is looked at when asked, however long the next look is away', async () => {
    const port = await freePort();
    await using proxy = await createProxy({
      name: 'x',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port },
      refuseWhileDown: { everyMs: 3_600_000 },
    });
    await watch(connect(proxy.listen)).closed;
    await proxy.askUpstream();
    expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
    const server = createServer((socket) => echo(socket.on('error', () => {})));
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await proxy.askUpstream();
    expect(await connectCode(proxy.listen)).toBe('connected');
    server.close();
  });
});

describe('an upstream whose owner says that it is gone', () => {
  it('is refused before a client hears of its end, and served again when asked', async () => {
    let gone = false;
    await using up = await rig((socket) =>
      socket
        .on('error', () => {})
        .once('data', () => {
          gone = true;
          socket.resetAndDestroy();
        }),
    );
    await using proxy = await createProxy({
      name: 'x',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: up.proxy.upstream,
      upstreamGone: () => gone,
    });
    const socket = connect(proxy.listen).on('error', () => {});
    await once(socket, 'connect');
    socket.write('die');
    const codeAtItsEnd = await new Promise((resolve) => socket.once('close', () => resolve(connectCode(proxy.listen))));
    // Refusing is no fault of the proxy.
    expect([codeAtItsEnd, proxy.isClean()]).toEqual(['ECONNREFUSED', true]);
    gone = false;
    await proxy.askUpstream();
    expect(await connectCode(proxy.listen)).toBe('connected');
    gone = true;
    await proxy.askUpstream();
    expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
  });
});

describe('connections', () => {
  it('are told of when they open and close', async () => {
    await using up = await rig(echo);
    const events: ProxyEvent[] = [];
    await using proxy = await createProxy({
      name: 'x',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: up.proxy.upstream,
      onEvent: (event) => events.push(event),
    });
    const socket = connect(proxy.listen);
    await once(socket, 'connect');
    await roundTrip(socket, 'hello');
    socket.end().resume();
    await vi.waitUntil(() => events.length === 2);
    expect(events).toMatchObject([
      { type: 'connection-opened', connection: { id: 1 } },
      {
        type: 'connection-closed',
        connection: { id: 1, upstreamBytes: 5, upstreamReceivedBytes: 5, downstreamBytes: 5 },
      },
    ]);
  });
});
