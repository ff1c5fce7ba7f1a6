import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '@chaos/stats';
import { createProxy } from '../create-proxy.js';
import { bandwidth } from '../toxics/bandwidth.js';
import { blackhole } from '../toxics/blackhole.js';
import { corrupt } from '../toxics/corrupt.js';
import { duplicate } from '../toxics/duplicate.js';
import { latency } from '../toxics/latency.js';
import { loss } from '../toxics/loss.js';
import { refuse } from '../toxics/refuse.js';
import { reorder } from '../toxics/reorder.js';
import { createUdpProxy } from './create-udp-proxy.js';
import type { UdpProxy } from './udp-proxy.js';
import { udpClient, udpEcho, type UdpClient } from './udp.test.helpers.js';

interface UdpRig extends AsyncDisposable {
  readonly proxy: UdpProxy;
  /** Datagrams that the server received. */
  readonly heard: string[];
  client(): Promise<UdpClient>;
}

async function rig(seed = 'udp', idleMs = 60_000): Promise<UdpRig> {
  const { port, heard, ...server } = await udpEcho();
  const proxy = await createUdpProxy({
    name: 'dns',
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port },
    random: createRandom(seed),
    idleMs,
  });
  const clients: UdpClient[] = [];
  return {
    proxy,
    heard,
    async client() {
      const client = await udpClient(proxy.listen.port);
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client[Symbol.dispose]();
      await proxy.close();
      server[Symbol.dispose]();
    },
  };
}

const COUNT = 2000;

/** Sends many datagrams, and waits until each was heard or lost. */
async function storm({ proxy, client, heard }: UdpRig): Promise<void> {
  const { socket } = await client();
  for (let index = 0; index < COUNT; index++) {
    socket.send(String(index));
    // The kernel drops datagrams that do not fit into the small receive buffer.
    if (index % 20 === 19)
      await vi.waitUntil(() => heard.length + proxy.totals().lostPackets === index + 1, { interval: 1, timeout: 5000 });
  }
}

describe('createUdpProxy()', () => {
  it('passes datagrams both ways, and keeps clients apart', async () => {
    await using up = await rig();
    const [one, other] = [await up.client(), await up.client()];
    one.socket.send('one');
    other.socket.send('other');
    one.socket.send('');
    await vi.waitUntil(() => one.got.length === 2 && other.got.length === 1);
    expect([one.got, other.got, up.proxy.sessions()]).toEqual([['one', ''], ['other'], 2]);
    expect(up.proxy.totals()).toEqual({ sessions: 2, upstreamPackets: 3, downstreamPackets: 3, lostPackets: 0 });
  });

  it('forgets who is silent', async () => {
    await using up = await rig('udp', 20);
    const { socket, got } = await up.client();
    socket.send('a');
    await vi.waitUntil(() => got.length === 1 && up.proxy.sessions() === 0);
    socket.send('b');
    await vi.waitUntil(() => got.length === 2);
    expect(up.proxy.totals()).toMatchObject({ sessions: 2, upstreamPackets: 2 });
  });

  it('says which port is taken', async () => {
    await using up = await rig();
    await expect(
      createUdpProxy({ name: 'x', listen: up.proxy.listen, upstream: up.proxy.upstream }),
    ).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  });
});

describe('datagram toxics', () => {
  it('lose the share that was said, the same ones for the same seed', async () => {
    const run = async (): Promise<readonly string[]> => {
      await using up = await rig('same');
      up.proxy.add(loss({ ratio: 0.1 }), { direction: 'upstream' });
      await storm(up);
      return [...up.heard];
    };
    const first = await run();
    // Five standard deviations of 13.4.
    expect(Math.abs(COUNT - first.length - 200)).toBeLessThan(67);
    expect(await run()).toEqual(first);
  });

  it('lose in bursts', async () => {
    await using up = await rig();
    up.proxy.add(loss({ ratio: 0.2, burst: 5 }), { direction: 'upstream' });
    await storm(up);
    const heard = new Set(up.heard);
    const gaps =
      Array.from({ length: COUNT }, (_, index) => (heard.has(String(index)) ? '.' : 'x'))
        .join('')
        .match(/x+/g) ?? [];
    const mean = gaps.reduce((sum, gap) => sum + gap.length, 0) / gaps.length;
    expect(mean).toBeGreaterThan(3.5);
    expect(mean).toBeLessThan(6.5);
    // 400 of 2,000; a burst of 5 makes the deviation about three times that of independent losses, 18.
    expect(Math.abs(COUNT - heard.size - 400)).toBeLessThan(200);
    expect(() => loss({ ratio: 2 })).toThrow('current value is 2');
  });

  it('duplicate, reorder, corrupt and delay whole datagrams', async () => {
    await using up = await rig();
    const { socket, got } = await up.client();
    const twice = up.proxy.add(duplicate({ ratio: 1 }), { direction: 'upstream' });
    socket.send('2');
    await vi.waitUntil(() => got.length === 2);
    await twice.remove();
    const late = up.proxy.add(reorder({ ratio: 1, delayMs: 40 }), { direction: 'upstream' });
    socket.send('first');
    late.update(reorder({ ratio: 0, delayMs: 40 }));
    await vi.waitUntil(() => got.length === 3);
    await late.remove();
    up.proxy.add(bandwidth({ bytesPerSecond: 100_000 }), { direction: 'upstream' });
    up.proxy.add(latency({ latencyMs: 5 }));
    up.proxy.add(corrupt({ byteRatio: 1 }), { direction: 'downstream' });
    const startMs = performance.now();
    socket.send('\0'.repeat(1000));
    await vi.waitUntil(() => got.length === 4);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(20);
    expect([got[3]?.includes('\0'), up.heard.at(-1)?.length]).toEqual([false, 1000]);
  });

  it('overtake', async () => {
    await using up = await rig();
    const { socket, got } = await up.client();
    up.proxy.add(reorder({ ratio: 0.5, delayMs: 20 }), { direction: 'upstream' });
    for (let index = 0; index < 40; index++) socket.send(String(index));
    await vi.waitUntil(() => got.length === 40);
    expect(got).not.toEqual(got.toSorted((a, b) => Number(a) - Number(b)));
  });

  it('swallow, and refuse', async () => {
    await using up = await rig();
    const { socket, got } = await up.client();
    const hole = up.proxy.add(blackhole());
    socket.send('gone');
    await vi.waitUntil(() => up.proxy.totals().lostPackets === 1);
    await hole.remove();
    socket.send('there');
    await vi.waitUntil(() => got.includes('there'));
    const cut = up.proxy.add(refuse());
    socket.send('nobody');
    await vi.waitUntil(() => got.includes('ECONNREFUSED'));
    await cut.remove();
    socket.send('back');
    await vi.waitUntil(() => got.includes('back'));
    expect(up.proxy.isClean()).toBe(true);
  });

  it('do not fit a stream of bytes', async () => {
    await using proxy = await createProxy({
      name: 'tcp',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port: 9 },
    });
    expect(() => proxy.add(loss({ ratio: 0.1 }))).toThrow(
      'Cannot add loss: it is for datagrams, and proxy tcp carries a stream of bytes',
    );
  });
});
