import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createRandom, distributionTable } from '@chaos/stats';
import { describe, expect, it, vi } from 'vitest';
import { echo, rig, roundTrip, watch } from '../tcp.test.helpers.js';
import { bandwidth } from './bandwidth.js';
import { connectDelay } from './connect-delay.js';
import { corrupt } from './corrupt.js';
import { hangUp } from './hang-up.js';
import { latency } from './latency.js';
import { limitData } from './limit-data.js';
import { noop } from './noop.js';
import { refuse } from './refuse.js';
import { resetPeer } from './reset-peer.js';
import { slicer } from './slicer.js';
import { slowClose } from './slow-close.js';
import { timeout } from './timeout.js';

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (data: Buffer) => chunks.push(data));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

describe('latency', () => {
  it('draws from a law that netem has', async () => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    up.proxy.add(latency({ latencyMs: 10, jitterMs: 2, distribution: 'pareto' }), { direction: 'upstream' });
    // The smallest value of that distribution is 2/3 of a deviation below the mean.
    for (let round = 0; round < 20; round++)
      expect(await elapsedMs(() => roundTrip(socket, 'a'))).toBeGreaterThanOrEqual(10 - 4 / 3);
    expect(() => latency({ latencyMs: 1, distribution: 'gamma' as 'normal' })).toThrow('current name is "gamma"');
    expect(() => latency({ latencyMs: 1, distribution: Int16Array.of() })).toThrow('it has 0 entries');
    expect(latency({ latencyMs: 1, distribution: distributionTable('normal') }).type).toBe('latency');
    try {
      expect(latency({ latencyMs: 1, distribution: 'experimental' }).type).toBe('latency');
    } catch (error) {
      expect(error).toMatchObject({ code: 'CAPABILITY_MISSING' });
    }
  });

  it('is never cut short, whatever fraction of a millisecond it has', async () => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    const random = createRandom('fractions');
    for (let round = 0; round < 60; round++) {
      const latencyMs = random.next() * 4;
      const toxic = up.proxy.add(latency({ latencyMs }), { direction: 'downstream' });
      expect(await elapsedMs(() => roundTrip(socket, 'x'))).toBeGreaterThanOrEqual(latencyMs);
      await toxic.remove();
    }
  });
});

describe('bandwidth', () => {
  it('takes as long as a line of that rate', async () => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    up.proxy.add(bandwidth({ bytesPerSecond: 200_000 }), { direction: 'upstream' });
    expect(await elapsedMs(() => roundTrip(socket, 'x'.repeat(40_000)))).toBeGreaterThanOrEqual(200);
  });

  it('with 0 lets nothing through until it is removed, and the sender feels it', async () => {
    await using up = await rig((socket) => socket.resume());
    const { socket } = await up.client();
    const shut = up.proxy.add(bandwidth({ bytesPerSecond: 0 }));
    socket.write(randomBytes(20_000_000));
    let before = -1;
    await vi.waitUntil(() => before === (before = socket.writableLength), { timeout: 5000, interval: 100 });
    expect([up.proxy.totals().upstreamBytes, before > 0]).toEqual([0, true]);
    await shut.remove();
    await vi.waitUntil(() => up.proxy.totals().upstreamBytes === 20_000_000, { timeout: 5000 });
  });
});

describe('slowClose', () => {
  it('holds back the end, not the bytes', async () => {
    await using up = await rig((socket) => socket.end('bye'));
    up.proxy.add(slowClose({ delayMs: 80 }), { direction: 'downstream' });
    const startMs = performance.now();
    const { socket } = await up.client();
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toBe('bye');
    await once(socket.resume(), 'end');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(80);
  });
});

describe('slicer', () => {
  it('cuts, and loses nothing', async () => {
    await using up = await rig((socket) => socket.end(randomBytes(100_000)));
    up.proxy.add(slicer({ averageBytes: 64, variationBytes: 32 }), { direction: 'downstream' });
    const { socket } = await up.client();
    expect((await readAll(socket)).length).toBe(100_000);
  });

  it('pauses between slices', async () => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    up.proxy.add(slicer({ averageBytes: 1, delayMs: 4.5 }), { direction: 'upstream' });
    const sizes: number[] = [];
    (await up.serverSide()).on('data', (data: Buffer) => sizes.push(data.length));
    expect(await elapsedMs(() => roundTrip(socket, '0123456789'))).toBeGreaterThanOrEqual(9 * 4.5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10);
  });
});

describe('timeout', () => {
  it('closes on time though data keeps coming, with a FIN on both sides', async () => {
    await using up = await rig(echo);
    const { socket, events, closed } = await up.client();
    await roundTrip(socket, 'before');
    const server = watch(await up.serverSide());
    server.socket.on('end', () => server.socket.end());
    up.proxy.add(timeout({ timeoutMs: 60 }), { direction: 'downstream' });
    const writing = setInterval(() => socket.writable && socket.write('more'), 10);
    socket.resume();
    await once(socket, 'end');
    clearInterval(writing);
    socket.end();
    await Promise.all([closed, server.closed]);
    expect([events, server.events]).toEqual([['end'], ['end']]);
  });

  it('with 0 swallows; removal resets who lost something and keeps the others', async () => {
    await using up = await rig(echo);
    const [speaking, idle] = [await up.client(), await up.client()];
    await roundTrip(idle.socket, 'hello');
    const hole = up.proxy.add(timeout({ timeoutMs: 0 }), { direction: 'upstream' });
    speaking.socket.write('lost');
    await vi.waitUntil(() => up.proxy.totals().lostBytes === 4);
    await hole.remove();
    await speaking.closed;
    expect([speaking.events, await roundTrip(idle.socket, 'still')]).toEqual([['ECONNRESET'], 'still']);
  });
});

describe('resetPeer', () => {
  it('resets live connections and new ones with an RST', async () => {
    await using up = await rig(echo);
    const live = await up.client();
    await roundTrip(live.socket, 'pooled');
    const server = watch(await up.serverSide());
    up.proxy.add(resetPeer({ timeoutMs: 10 }), { direction: 'downstream' });
    await Promise.all([live.closed, server.closed]);
    const late = await up.client();
    late.socket.write('question');
    await late.closed;
    expect([live.events, server.events, late.events]).toEqual([['ECONNRESET'], ['ECONNRESET'], ['ECONNRESET']]);
  });
});

describe('limitData', () => {
  it('lets exactly so many bytes through, then closes; a change keeps the count', async () => {
    await using up = await rig((socket) => socket.once('data', () => socket.write(randomBytes(90_000))));
    const toxic = up.proxy.add(limitData({ bytes: 5 }), { direction: 'downstream' });
    toxic.update(limitData({ bytes: 70_001 }));
    const { socket, events } = await up.client();
    const all = readAll(socket);
    socket.write('go');
    expect([(await all).length, events]).toEqual([70_001, ['end']]);
    await using other = await rig(echo);
    const second = await other.client();
    const limit = other.proxy.add(limitData({ bytes: 100 }), { direction: 'upstream' });
    await roundTrip(second.socket, 'x'.repeat(60));
    limit.update(limitData({ bytes: 70 }));
    const server = await other.serverSide();
    second.socket.resume().write('y'.repeat(60));
    await once(server, 'end');
    expect([server.bytesRead, other.proxy.totals().lostBytes]).toEqual([70, 50]);
  });
});

describe('corrupt', () => {
  it('flips one bit in as many bytes as said, the same ones for the same seed, however the stream is cut', async () => {
    const run = async (pieces: number): Promise<number[]> => {
      await using up = await rig(echo);
      const { socket } = await up.client();
      up.proxy.add(corrupt({ byteRatio: 0.05 }), { direction: 'upstream' });
      const back = readAll(socket);
      for (let piece = 1; piece <= pieces; piece++) {
        socket.write(Buffer.alloc(40_000 / pieces));
        await vi.waitUntil(() => up.proxy.totals().upstreamBytes === (40_000 / pieces) * piece, { interval: 1 });
      }
      socket.end();
      const got = await back;
      return [...got.keys()].filter((index) => got[index] !== 0).map((index) => index * 256 + (got[index] as number));
    };
    const first = await run(1);
    expect(first.every((hit) => Math.log2(hit % 256) % 1 === 0)).toBe(true);
    // 40,000 × 0.05 = 2,000, five standard deviations of 44.
    expect(Math.abs(first.length - 2000)).toBeLessThan(220);
    expect(await run(20)).toEqual(first);
    expect(() => corrupt({ byteRatio: 1.5 })).toThrow('current value is 1.5');
  });
});

describe('connectDelay', () => {
  it('dials late; what the client said meanwhile arrives', async () => {
    await using up = await rig(echo);
    up.proxy.add(connectDelay({ delayMs: 60 }));
    const startMs = performance.now();
    const { socket } = await up.client();
    expect(await roundTrip(socket, 'early')).toBe('early');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(60);
    const hour = up.proxy.add(connectDelay({ delayMs: 3_600_000 }));
    const waiting = await up.client();
    const answer = roundTrip(waiting.socket, 'patience');
    await vi.waitUntil(() => up.proxy.list().some(({ dialled }) => !dialled));
    await hour.remove();
    expect(await answer).toBe('patience');
  });
});

describe('hangUp', () => {
  it('closes live connections with a FIN, once', async () => {
    await using up = await rig(echo);
    const { socket, events, closed } = await up.client();
    await roundTrip(socket, 'used');
    const server = watch(await up.serverSide());
    up.proxy.add(hangUp());
    socket.resume().on('end', () => socket.end());
    await Promise.all([closed, server.closed]);
    expect([events, server.events, up.proxy.toxics()]).toEqual([['end'], ['end'], []]);
    expect(await roundTrip((await up.client()).socket, 'new')).toBe('new');
  });

  it('ends a connection whose peer does not close its side', async () => {
    await using up = await rig(() => {});
    await up.client();
    await up.serverSide();
    up.proxy.add(refuse({ live: 'fin' }));
    await vi.waitUntil(() => up.proxy.connections() === 0, { timeout: 5000 });
  });
});

describe('noop', () => {
  it('changes nothing', async () => {
    await using up = await rig(echo);
    up.proxy.add(noop());
    expect(await roundTrip((await up.client()).socket, 'same')).toBe('same');
  });
});
