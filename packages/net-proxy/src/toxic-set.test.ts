import { describe, expect, it, vi } from 'vitest';
import { connectCode, echo, rig, roundTrip } from './tcp.test.helpers.js';
import { blackhole } from './toxics/blackhole.js';
import { latency } from './toxics/latency.js';
import { refuse } from './toxics/refuse.js';
import { reset } from './toxics/reset.js';
import { createProxy } from './create-proxy.js';

describe('toxicity', () => {
  it('is decided once per connection, from the seed alone', async () => {
    const hit = async (others: boolean): Promise<string> => {
      await using up = await rig(echo, 'share');
      if (others) up.proxy.add(latency({ latencyMs: 0 }));
      const toxic = up.proxy.add(blackhole(), { toxicity: 0.4, name: 'hole', direction: 'upstream' });
      const peers = await Promise.all(Array.from({ length: 40 }, () => up.client()));
      const answered = new Set<number>();
      for (const [index, { socket }] of peers.entries()) socket.on('data', () => answered.add(index));
      const poke = async (): Promise<string> => {
        answered.clear();
        const before = up.proxy.totals();
        for (const { socket } of peers) socket.write('?');
        await vi.waitUntil(
          () =>
            up.proxy.totals().lostBytes -
              before.lostBytes +
              up.proxy.totals().downstreamBytes -
              before.downstreamBytes ===
            40,
        );
        await vi.waitUntil(() => answered.size === 40 - (up.proxy.totals().lostBytes - before.lostBytes));
        return peers.map((_, index) => (answered.has(index) ? '.' : 'x')).join('');
      };
      const first = await poke();
      await up.proxy.add(latency({ latencyMs: 1 })).remove();
      toxic.update(blackhole());
      expect(await poke()).toBe(first);
      return first;
    };
    const first = await hit(false);
    expect(first).toMatch(/x.*\./);
    expect(first.split('x').length).toBeGreaterThan(5);
    expect(await hit(true)).toBe(first);
  });

  it('of 0 leaves a connection as it is, and may be changed', async () => {
    await using up = await rig(echo);
    const { socket, events } = await up.client();
    const toxic = up.proxy.add(reset(), { toxicity: 0 });
    const hole = up.proxy.add(blackhole(), { toxicity: 0 });
    expect(await roundTrip(socket, 'whole')).toBe('whole');
    hole.update(blackhole(), { toxicity: 1 });
    socket.write('gone');
    await vi.waitUntil(() => up.proxy.totals().lostBytes === 4);
    expect([events, hole.toxicity, toxic.on]).toEqual([[], 1, true]);
    expect(() => up.proxy.add(reset(), { toxicity: 7 })).toThrow(
      new RangeError('Cannot use toxicity: current value is 7, it must be a number from 0 to 1'),
    );
  });
});

describe('refuse with a toxicity', () => {
  it('resets its share of connections, and lets the others in', async () => {
    await using up = await rig(echo);
    const some = up.proxy.add(refuse(), { toxicity: 0.5 });
    const fates: string[] = [];
    for (let index = 0; index < 20; index++) {
      // An RST may arrive before the client's connect event.
      const fate = up.client().then(({ socket }) => roundTrip(socket, 'in'));
      fates.push(await fate.catch(() => 'reset'));
    }
    expect(new Set(fates)).toEqual(new Set(['in', 'reset']));
    some.update(refuse(), { toxicity: 1 });
    expect(await connectCode(up.proxy.listen)).toBe('ECONNREFUSED');
    await some.remove();
    expect(up.proxy.isClean()).toBe(true);
  });
});

describe('time', () => {
  it('heals itself after its duration', async () => {
    await using up = await rig(echo);
    up.proxy.add(refuse(), { durationMs: 30 });
    expect(await connectCode(up.proxy.listen)).toBe('ECONNREFUSED');
    await vi.waitUntil(() => up.proxy.isClean());
    expect(await connectCode(up.proxy.listen)).toBe('connected');
  });

  it('flaps by its schedule', async () => {
    await using up = await rig(echo);
    const flap = up.proxy.add(refuse(), { schedule: { startMs: 10, onMs: 20, offMs: 20 } });
    expect(flap.on).toBe(false);
    const seen: boolean[] = [];
    await vi.waitUntil(
      () => {
        if (seen.at(-1) !== flap.on) seen.push(flap.on);
        return seen.length >= 6;
      },
      { interval: 1 },
    );
    expect(seen).toEqual([false, true, false, true, false, true]);
    await flap.remove();
    expect([up.proxy.isClean(), await connectCode(up.proxy.listen)]).toEqual([true, 'connected']);
  });

  it('repeats what acts once', async () => {
    await using up = await rig(echo);
    const storm = up.proxy.add(reset(), { schedule: { startMs: 20, onMs: 1, offMs: 20 } });
    for (let round = 0; round < 3; round++) {
      await (
        await up.client()
      ).closed;
    }
    await storm.remove();
    expect(() => up.proxy.add(reset(), { durationMs: -1 })).toThrow('durationMs');
    expect(() => up.proxy.add(reset(), { schedule: { onMs: 0, offMs: 5 } })).toThrow('schedule.onMs');
  });
});

describe('update()', () => {
  it('keeps the place in the chain', async () => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    const slow = up.proxy.add(latency({ latencyMs: 3_600_000 }));
    up.proxy.add(latency({ latencyMs: 1 }));
    const answer = roundTrip(socket, 'hi');
    slow.update(latency({ latencyMs: 2 }));
    expect(await answer).toBe('hi');
    expect(up.proxy.toxics().map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('createProxy({ toxics })', () => {
  it('has them in force before the first connection', async () => {
    await using up = await rig(echo);
    await using proxy = await createProxy({
      name: 'cut',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: up.proxy.upstream,
      toxics: [{ toxic: blackhole() }],
    });
    expect(proxy.toxics().map(({ toxic }) => toxic.type)).toEqual(['blackhole']);
    await using closed = await createProxy({
      name: 'shut',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: up.proxy.upstream,
      toxics: [{ toxic: refuse() }],
    });
    expect(closed.isClean()).toBe(false);
    await closed.clear();
    expect(await connectCode(closed.listen)).toBe('connected');
  });

  it('ends one connection when told', async () => {
    await using up = await rig(echo);
    const [one, other] = [await up.client(), await up.client()];
    await roundTrip(one.socket, 'a');
    expect([up.proxy.kill(1), up.proxy.kill(99)]).toEqual([true, false]);
    await one.closed;
    expect([one.events, await roundTrip(other.socket, 'b')]).toEqual([['ECONNRESET'], 'b']);
  });
});
