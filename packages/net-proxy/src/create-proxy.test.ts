import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@chaos/stats';
import { describe, expect, it, vi } from 'vitest';
import { createProxy } from './create-proxy.js';
import { connectCode, echo, rig, roundTrip, takePort, watch } from './tcp.test.helpers.js';
import type { Toxic } from './toxic.js';
import { latency } from './toxics/latency.js';

const sha = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (data: Buffer) => chunks.push(data));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

describe('a proxy without toxics', () => {
  it('passes megabytes both ways, exactly', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const data = randomBytes(6_000_000);
    const { socket } = await client();
    const back = readAll(socket);
    socket.end(data);
    expect(sha(await back)).toBe(sha(data));
    expect(proxy.totals()).toEqual({
      connections: 1,
      upstreamBytes: 6_000_000,
      downstreamBytes: 6_000_000,
      upstreamReceivedBytes: 6_000_000,
      downstreamReceivedBytes: 6_000_000,
      lostBytes: 0,
    });
    expect(proxy.isClean()).toBe(true);
  });

  it('keeps half-close: the server may answer after the client has finished', async () => {
    await using up = await rig((socket) => {
      socket.resume().on('end', () => socket.write('first', () => setImmediate(() => socket.end(' second'))));
    });
    const { client } = up;
    const { socket, events, closed } = await client();
    const answer = readAll(socket);
    socket.end('question');
    expect((await answer).toString()).toBe('first second');
    await closed;
    expect(events).toEqual(['end']);
  });

  it('keeps half-close the other way: the client may speak after the server has finished', async () => {
    await using up = await rig((socket) => socket.end('bye'));
    const { client, serverSide } = up;
    const { socket } = await client();
    expect((await readAll(socket)).toString()).toBe('bye');
    const heard = readAll(await serverSide());
    socket.end('still here');
    expect((await heard).toString()).toBe('still here');
  });

  it('passes a reset on, both ways', async () => {
    await using up = await rig((socket) => socket.resume());
    const { client, serverSide } = up;
    const one = await client();
    (await serverSide()).resetAndDestroy();
    await one.closed;
    expect(one.events).toEqual(['ECONNRESET']);
    const other = await client();
    const server = watch(await serverSide());
    other.socket.resetAndDestroy();
    await server.closed;
    expect(server.events).toEqual(['ECONNRESET']);
  });

  it('resets the client when the upstream refuses', async () => {
    await using up = await rig(echo);
    const { client, server } = up;
    server.close();
    const { events, closed } = await client();
    await closed;
    expect(events).toEqual(['ECONNRESET']);
  });

  it('makes a fast writer wait for a slow reader', async () => {
    await using up = await rig((socket) => socket.pause());
    const { client, serverSide, proxy } = up;
    const { socket } = await client();
    const data = randomBytes(40_000_000);
    socket.end(data);
    const server = await serverSide();
    let before = -1;
    await vi.waitUntil(() => before === (before = proxy.totals().upstreamBytes) && before > 0, {
      timeout: 5000,
      interval: 150,
    });
    expect(before).toBeLessThan(20_000_000);
    expect(sha(await readAll(server.resume()))).toBe(sha(data));
  });

  it('lists its connections with their bytes, and close() ends them all', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const [first, second] = [await client(), await client()];
    await roundTrip(first.socket, 'twelve bytes');
    await roundTrip(second.socket, 'x');
    expect(proxy.list()).toMatchObject([
      {
        id: 1,
        clientPort: first.socket.localPort,
        dialled: true,
        upstreamBytes: 12,
        downstreamBytes: 12,
        lostBytes: 0,
      },
      { id: 2, upstreamBytes: 1 },
    ]);
    expect(proxy.connections()).toBe(2);
    await proxy.close();
    await Promise.all([first.closed, second.closed]);
    expect(proxy.connections()).toBe(0);
    expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
    expect(() => proxy.add(latency({ latencyMs: 1 }))).toThrow('proxy rig is closed');
  });
});

describe('toxics on live connections', () => {
  it('come and go without losing a byte', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const { socket, events } = await client();
    const back = readAll(socket);
    const random = createRandom('toggle');
    const sent: Buffer[] = [];
    let toggling = true;
    const writing = (async () => {
      while (toggling) {
        const data = randomBytes(random.integer(1, 100_000));
        sent.push(data);
        if (!socket.write(data)) await once(socket, 'drain');
        await new Promise(setImmediate);
      }
      socket.end();
    })();
    for (let round = 0; round < 60; round++) {
      const toxics = [
        latency({ latencyMs: random.integer(0, 4), jitterMs: random.integer(0, 4) }),
        latency({ latencyMs: 1 }),
      ];
      const active = toxics.map((toxic) =>
        proxy.add(toxic, { direction: random.pick([undefined, 'upstream', 'downstream'] as const) }),
      );
      await sleep(random.integer(0, 6));
      for (const one of random.shuffle(active)) await one.remove();
      await new Promise(setImmediate);
    }
    toggling = false;
    await writing;
    const data = Buffer.concat(sent);
    expect(data.length).toBeGreaterThan(2_000_000);
    expect(sha(await back)).toBe(sha(data));
    expect(events).toEqual(['end']);
    expect(proxy.isClean()).toBe(true);
  });

  it('hold a bounded number of bytes', async () => {
    await using up = await rig((socket) => socket.resume());
    const { client, proxy } = up;
    const slow = proxy.add(latency({ latencyMs: 60_000 }));
    const { socket } = await client();
    socket.write(randomBytes(60_000_000));
    let before = -1;
    await vi.waitUntil(() => before === (before = socket.writableLength), { timeout: 5000, interval: 150 });
    expect(socket.writableLength).toBeGreaterThan(0);
    expect(proxy.totals().upstreamBytes).toBe(0);
    await slow.remove();
    await vi.waitUntil(() => proxy.totals().upstreamBytes === 60_000_000, { timeout: 5000 });
  });

  it('may be of your own: sees chunks in order, draws the same choices for the same seed', async () => {
    const drawn = async (seed: string): Promise<number[]> => {
      await using up = await rig(echo, seed);
      const { client, proxy } = up;
      const values: number[] = [];
      const shout: Toxic = {
        type: 'shout',
        attach(wire) {
          values.push(wire.random.next());
          return {
            chunk: ({ data, arrivedMs }) =>
              wire.forward({ data: Buffer.from(data.toString().toUpperCase()), arrivedMs }),
          };
        },
      };
      const { socket } = await client();
      expect(await roundTrip(socket, 'quiet')).toBe('quiet');
      const active = proxy.add(shout, { direction: 'downstream' });
      expect(await roundTrip(socket, 'quiet')).toBe('QUIET');
      const other = await client();
      expect(await roundTrip(other.socket, 'new')).toBe('NEW');
      expect(proxy.toxics()).toEqual([active]);
      await active.remove();
      await active.remove();
      expect(await roundTrip(socket, 'quiet')).toBe('quiet');
      return values;
    };
    const first = await drawn('same');
    expect(new Set(first).size).toBe(2);
    expect(await drawn('same')).toEqual(first);
    expect(await drawn('other')).not.toEqual(first);
  });
});

describe('createProxy()', () => {
  it('says which port is taken', async () => {
    await using taken = await takePort();
    const { port } = taken;
    const upstream = { host: '127.0.0.1', port: 1 };
    const attempt = createProxy({
      name: 'taken',
      listen: { host: '127.0.0.1', port },
      upstream,
      random: createRandom('x'),
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `Cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
      data: { port },
    });
  });

  it('refuses misuse with the value', async () => {
    const good = { host: '127.0.0.1', port: 80 };
    const random = createRandom('x');
    await expect(createProxy({ name: 'x', listen: good, upstream: { host: 'a', port: 0 }, random })).rejects.toThrow(
      'upstream.port: current value is 0',
    );
    await expect(createProxy({ name: 'x', listen: { host: '', port: 0 }, upstream: good, random })).rejects.toThrow(
      TypeError,
    );
    await using proxy = await createProxy({ name: 'x', listen: { ...good, port: 0 }, upstream: good, random });
    expect(() => proxy.add(latency({ latencyMs: 1 }), { direction: 'sideways' as 'upstream' })).toThrow('"sideways"');
  });
});
