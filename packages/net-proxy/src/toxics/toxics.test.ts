import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connectCode, echo, rig, roundTrip, watch } from '../tcp.test.helpers.js';
import { blackhole } from './blackhole.js';
import { latency } from './latency.js';
import { refuse } from './refuse.js';
import { reset } from './reset.js';

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

describe('latency', () => {
  it('delays each direction by the whole of it', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const { socket } = await client();
    proxy.add(latency({ latencyMs: 40 }), { direction: 'upstream' });
    expect(await elapsedMs(() => roundTrip(socket, 'a'))).toBeGreaterThanOrEqual(40);
    proxy.add(latency({ latencyMs: 30 }));
    expect(await elapsedMs(() => roundTrip(socket, 'a'))).toBeGreaterThanOrEqual(100);
    await proxy.clear();
    expect(proxy.isClean()).toBe(true);
  });

  it('counts from arrival, so that a stream of chunks is late only once', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const { socket } = await client();
    proxy.add(latency({ latencyMs: 300 }), { direction: 'downstream' });
    const tookMs = await elapsedMs(async () => {
      for (let chunk = 0; chunk < 20; chunk++) {
        socket.write('x');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await roundTrip(socket, 'y');
      while (proxy.totals().downstreamBytes < 21) await once(socket, 'data');
    });
    expect(tookMs).toBeLessThan(3000);
  });

  it('keeps the order under jitter, and the end behind the bytes', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const { socket } = await client();
    proxy.add(latency({ latencyMs: 5, jitterMs: 5 }));
    let back = '';
    socket.on('data', (data: Buffer) => (back += data.toString()));
    let sent = '';
    for (let line = 0; line < 50; line++) {
      sent += `${line}\n`;
      socket.write(`${line}\n`);
      await new Promise(setImmediate);
    }
    socket.end();
    await once(socket, 'end');
    expect(back).toBe(sent);
  });

  it('lets go of everything when it is removed', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    const { socket } = await client();
    const hour = proxy.add(latency({ latencyMs: 3_600_000 }));
    const answer = roundTrip(socket, 'hello');
    await vi.waitUntil(() => proxy.connections() === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await hour.remove();
    expect(await answer).toBe('hello');
  });

  it.each([
    { latencyMs: -1 },
    { latencyMs: Number.NaN },
    { latencyMs: 1e12 },
    { latencyMs: '5' as unknown as number },
    { latencyMs: 1, jitterMs: -2 },
  ])('refuses %o', (attributes) => {
    expect(() => latency(attributes)).toThrow(RangeError);
    expect(() => latency(attributes)).toThrow(String(attributes.jitterMs ?? attributes.latencyMs));
  });
});

describe('blackhole', () => {
  it('swallows bytes, and resets what lost some when it is removed', async () => {
    await using up = await rig(echo);
    const { client, accepted, proxy } = up;
    const [speaking, idle] = [await client(), await client()];
    await roundTrip(speaking.socket, 'before');
    await roundTrip(idle.socket, 'before');
    const hole = proxy.add(blackhole());
    speaking.socket.write('lost');
    await vi.waitUntil(() => proxy.totals().lostBytes === 4);
    expect([speaking.events, accepted.map((socket) => socket.bytesRead)]).toEqual([[], [6, 6]]);
    const server = watch(accepted[0]!);
    await hole.remove();
    await Promise.all([speaking.closed, server.closed]);
    expect([speaking.events, server.events]).toEqual([['ECONNRESET'], ['ECONNRESET']]);
    expect(await roundTrip(idle.socket, 'after')).toBe('after');
  });

  it('swallows one direction only', async () => {
    await using up = await rig(echo);
    const { client, accepted, proxy } = up;
    const { socket } = await client();
    await roundTrip(socket, 'before');
    proxy.add(blackhole(), { direction: 'downstream' });
    socket.write('heard, not answered');
    await vi.waitUntil(() => proxy.totals().lostBytes === 19);
    expect(accepted[0]!.bytesRead).toBe(25);
    const late = await client();
    late.socket.write('me too');
    await vi.waitUntil(() => accepted[1]?.bytesRead === 6);
  });

  it('hides the death of a peer', async () => {
    await using up = await rig(echo);
    const { client, serverSide, proxy } = up;
    const { socket, closed } = await client();
    await roundTrip(socket, 'before');
    const server = watch(await serverSide());
    const hole = proxy.add(blackhole());
    socket.resetAndDestroy();
    await closed;
    await using bystander = await rig(echo);
    await roundTrip((await bystander.client()).socket, 'time passes');
    expect([server.events, proxy.connections()]).toEqual([[], 1]);
    await hole.remove();
    await server.closed;
    expect(server.events).toEqual(['ECONNRESET']);
    await vi.waitUntil(() => proxy.connections() === 0);
  });

  it('accepts new connections without dialling; who said nothing is dialled afterwards', async () => {
    await using up = await rig(echo);
    const { client, accepted, proxy } = up;
    const halves = [
      proxy.add(blackhole(), { direction: 'upstream' }),
      proxy.add(blackhole(), { direction: 'downstream' }),
    ];
    const [speaking, silent] = [await client(), await client()];
    speaking.socket.write('anyone?');
    await vi.waitUntil(() => proxy.totals().lostBytes === 7);
    expect(proxy.list().map(({ dialled }) => dialled)).toEqual([false, false]);
    expect(accepted).toEqual([]);
    await halves[1]!.remove();
    await halves[0]!.remove();
    await speaking.closed;
    expect(speaking.events).toEqual(['ECONNRESET']);
    expect(await roundTrip(silent.socket, 'now')).toBe('now');
  });
});

describe('refuse', () => {
  it('refuses connects, resets what is live, and listens on the same port again', async () => {
    await using up = await rig(echo);
    const { client, serverSide, proxy } = up;
    const live = await client();
    const server = watch(await serverSide());
    const [first, second] = [proxy.add(refuse()), proxy.add(refuse())];
    expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
    await Promise.all([live.closed, server.closed]);
    expect([live.events, server.events]).toEqual([['ECONNRESET'], ['ECONNRESET']]);
    await first.remove();
    expect([await connectCode(proxy.listen), proxy.isClean()]).toEqual(['ECONNREFUSED', false]);
    const { port } = proxy.listen;
    await second.remove();
    await second.remove();
    expect([proxy.listen.port, proxy.isClean()]).toEqual([port, true]);
    expect(await roundTrip((await client()).socket, 'again')).toBe('again');
  });

  it('waits for its port when someone else has it', async () => {
    await using up = await rig(echo);
    const { proxy } = up;
    const cut = proxy.add(refuse());
    const squatter = createServer().listen(proxy.listen);
    await once(squatter, 'listening');
    const healed = cut.remove();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(proxy.isClean()).toBe(false);
    squatter.close();
    await healed;
    expect(await connectCode(proxy.listen)).toBe('connected');
  });

  it('survives being toggled while it heals', async () => {
    await using up = await rig(echo);
    const { client, proxy } = up;
    for (let round = 0; round < 20; round++) {
      const healing = proxy.add(refuse()).remove();
      const cut = proxy.add(refuse());
      await healing;
      expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
      await cut.remove();
    }
    expect(await roundTrip((await client()).socket, 'up')).toBe('up');
  });
});

describe('reset', () => {
  it('resets idle connections with an RST on both sides, once', async () => {
    await using up = await rig(echo);
    const { client, serverSide, proxy } = up;
    const pooled = await client();
    await roundTrip(pooled.socket, 'used');
    const server = watch(await serverSide());
    const active = proxy.add(reset());
    await Promise.all([pooled.closed, server.closed]);
    expect([pooled.events, server.events]).toEqual([['ECONNRESET'], ['ECONNRESET']]);
    expect([proxy.toxics(), proxy.isClean()]).toEqual([[], true]);
    expect(await roundTrip((await client()).socket, 'new')).toBe('new');
    await active.remove();
  });

  it('resets a half-closed connection too', async () => {
    await using up = await rig((socket) => socket.resume());
    const { client, serverSide, proxy } = up;
    const { socket, closed } = await client();
    const server = await serverSide();
    socket.resume().end();
    await once(server, 'end');
    proxy.add(reset());
    await closed;
    await vi.waitUntil(() => proxy.connections() === 0);
  });
});
