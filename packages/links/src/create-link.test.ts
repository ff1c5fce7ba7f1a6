import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLink } from './create-link.js';
import { connectCode, connectTo, openEcho, roundTrip } from './echo.test.helpers.js';

const never = new AbortController().signal;
const ends = { from: 'target', to: 'postgres' };

describe('createLink()', () => {
  it('names its faults for people', async () => {
    await using up = await openEcho();
    const { proxy } = up;
    const link = createLink(proxy, ends);
    const faults = [
      link.cut(),
      link.cut({ mode: 'blackhole', direction: 'upstream' }),
      link.latency({ latencyMs: 50, jitterMs: 5 }),
      link.reset(),
    ];
    expect(faults.map(({ name }) => name)).toEqual([
      'link target→postgres cut',
      'link target→postgres cut blackhole, upstream',
      'link target→postgres latency 50 ms, jitter 5 ms',
      'link target→postgres reset',
    ]);
    expect(proxy.isClean()).toBe(true);
  });

  it('injects and heals, twice without harm', async () => {
    await using up = await openEcho();
    const { proxy } = up;
    const link = createLink(proxy, ends);
    {
      await using cut = await link.cut().inject(never);
      expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
      await cut.heal();
      await cut.heal();
      expect(await connectCode(proxy.listen)).toBe('connected');
    }
    const slow = await link.latency({ latencyMs: 30, direction: 'downstream' }).inject(never);
    const hole = await link.cut({ mode: 'blackhole' }).inject(never);
    expect(proxy.toxics().map(({ toxic, directions }) => [toxic.type, directions])).toEqual([
      ['latency', ['downstream']],
      ['blackhole', ['upstream', 'downstream']],
    ]);
    await Promise.all([slow.heal(), hole.heal()]);
    const { socket, events, closed } = await connectTo(proxy.listen);
    expect(await roundTrip(socket, 'whole')).toBe('whole');
    await (await link.reset().inject(never)).heal();
    await closed;
    expect([events, proxy.isClean()]).toEqual([['ECONNRESET'], true]);
  });

  it('acts on a share of the connections, and for a time', async () => {
    await using up = await openEcho();
    const { proxy } = up;
    const link = createLink(proxy, ends);
    const some = link.latency({ latencyMs: 60_000, toxicity: 0.5 });
    expect(some.name).toBe('link target→postgres latency 60000 ms, toxicity 0.5');
    const half = await some.inject(never);
    const sockets = (await Promise.all(Array.from({ length: 20 }, () => connectTo(proxy.listen)))).map(
      ({ socket }) => socket,
    );
    const answered = sockets.map((socket) =>
      roundTrip(socket, 'x').then(
        () => true,
        () => false,
      ),
    );
    // Connections that the fault spares answer at once; the others wait until it is healed.
    await Promise.any(answered);
    expect(proxy.toxics()[0]?.toxicity).toBe(0.5);
    await half.heal();
    expect(await Promise.all(answered)).toEqual(sockets.map(() => true));

    const brief = link.cut({ durationMs: 50 });
    expect(brief).toMatchObject({ name: 'link target→postgres cut duration 50 ms', durationMs: 50 });
    await brief.inject(never);
    expect(await connectCode(proxy.listen)).toBe('ECONNREFUSED');
    while (!proxy.isClean()) await delay(5);
    expect(await connectCode(proxy.listen)).toBe('connected');
  });

  it('leaves nothing behind when it is aborted first', async () => {
    await using up = await openEcho();
    const { proxy } = up;
    const reason = new Error('stop');
    await expect(createLink(proxy, ends).cut().inject(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(proxy.isClean()).toBe(true);
  });

  it('refuses misuse with the value', async () => {
    await using up = await openEcho();
    const { proxy } = up;
    const link = createLink(proxy, ends);
    expect(() => link.cut({ direction: 'upstream' })).toThrow('current direction is upstream');
    expect(() => link.cut({ mode: 'melt' as 'refuse' })).toThrow('current mode is "melt"');
    expect(() => link.cut({ mode: 'blackhole', direction: 'both' as 'upstream' })).toThrow('"both"');
    expect(() => link.latency({ latencyMs: -3 })).toThrow('current value is -3');
    expect(() => link.cut({ toxicity: 1.5 })).toThrow('1.5');
    expect(() => link.cut({ durationMs: -1 })).toThrow('-1');
    expect(() => link.cut({ backend: 'iptables' as 'tc' })).toThrow('current backend is "iptables"');
    expect(() => link.loss({ lossRatio: 0.1 })).toThrow('it is a fault of packets, which a proxy does not see');
  });
});
