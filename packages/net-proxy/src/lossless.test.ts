import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddOptions } from './active-toxic.js';
import { echo, rig } from './tcp.test.helpers.js';
import type { Toxic } from './toxic.js';
import { bandwidth } from './toxics/bandwidth.js';
import { connectDelay } from './toxics/connect-delay.js';
import { corrupt } from './toxics/corrupt.js';
import { latency } from './toxics/latency.js';
import { limitData } from './toxics/limit-data.js';
import { loss } from './toxics/loss.js';
import { noop } from './toxics/noop.js';
import { reorder } from './toxics/reorder.js';
import { resetPeer } from './toxics/reset-peer.js';
import { slicer } from './toxics/slicer.js';
import { slowClose } from './toxics/slow-close.js';
import { timeout } from './toxics/timeout.js';

const ms = fc.double({ min: 0, max: 4, noNaN: true });
/** Toxics that delay and change nothing else. */
const harmless: fc.Arbitrary<Toxic> = fc.oneof(
  fc
    .record({
      latencyMs: ms,
      jitterMs: ms,
      distribution: fc.constantFrom('uniform' as const, 'normal' as const, 'pareto' as const, 'paretonormal' as const),
    })
    .map(latency),
  fc.record({ bytesPerSecond: fc.integer({ min: 2_000_000, max: 1e9 }) }).map(bandwidth),
  fc.record({ averageBytes: fc.integer({ min: 50, max: 50_000 }), variationBytes: fc.nat(100_000) }).map(slicer),
  fc.record({ delayMs: ms }).map(slowClose),
  fc.record({ delayMs: ms }).map(connectDelay),
  fc.constant(noop()),
);
const options: fc.Arbitrary<AddOptions> = fc.record(
  {
    direction: fc.constantFrom('upstream' as const, 'downstream' as const),
    toxicity: fc.double({ min: 0, max: 1, noNaN: true }),
    durationMs: fc.nat(30),
    schedule: fc.record({ onMs: fc.integer({ min: 1, max: 5 }), offMs: fc.nat(5) }),
  },
  { requiredKeys: [] },
);
const step = fc.record({
  toxic: harmless,
  options,
  bytes: fc.nat(60_000),
  afterwards: fc.constantFrom('keep' as const, 'remove first' as const, 'change last' as const),
  changed: harmless,
});

const sha = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('whatever only takes time', () => {
  it('comes, changes and goes without losing or reordering a byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await using up = await rig(echo);
        const { socket, events } = await up.client();
        const back: Buffer[] = [];
        socket.on('data', (data: Buffer) => back.push(data));
        const sent: Buffer[] = [];
        for (const { toxic, options: settings, bytes, afterwards, changed } of steps) {
          up.proxy.add(toxic, settings);
          sent.push(randomBytes(bytes));
          socket.write(sent.at(-1) as Buffer);
          await new Promise(setImmediate);
          if (afterwards === 'remove first') await up.proxy.toxics()[0]?.remove();
          if (afterwards === 'change last') up.proxy.toxics().at(-1)?.update(changed);
        }
        socket.end();
        await once(socket, 'end');
        expect([sha(Buffer.concat(back)), events, up.proxy.totals().lostBytes]).toEqual([
          sha(Buffer.concat(sent)),
          ['end'],
          0,
        ]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('attributes', () => {
  const anything = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string(),
    fc.constant(undefined),
    fc.constant(null),
  ) as fc.Arbitrary<never>;
  const factories: readonly [string, (a: never, b: never, c: never) => Toxic][] = [
    ['latency', (latencyMs, jitterMs, distribution) => latency({ latencyMs, jitterMs, distribution })],
    ['bandwidth', (bytesPerSecond) => bandwidth({ bytesPerSecond })],
    ['slicer', (averageBytes, variationBytes, delayMs) => slicer({ averageBytes, variationBytes, delayMs })],
    ['slowClose', (delayMs) => slowClose({ delayMs })],
    ['timeout', (timeoutMs) => timeout({ timeoutMs })],
    ['resetPeer', (timeoutMs) => resetPeer({ timeoutMs })],
    ['limitData', (bytes) => limitData({ bytes })],
    ['corrupt', (byteRatio) => corrupt({ byteRatio })],
    ['connectDelay', (delayMs, jitterMs) => connectDelay({ delayMs, jitterMs })],
    ['loss', (ratio, burst) => loss({ ratio, burst })],
    ['reorder', (ratio, delayMs) => reorder({ ratio, delayMs })],
  ];

  it.each(factories)('of %s are refused by a RangeError or TypeError, or can be lived with', async (_, make) => {
    await using up = await rig(echo);
    const { socket } = await up.client();
    socket.on('error', () => {});
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, async (a, b, c) => {
        let toxic: Toxic;
        try {
          toxic = make(a, b, c);
        } catch (error) {
          expect(error instanceof RangeError || error instanceof TypeError, String(error)).toBe(true);
          expect((error as Error).message).toMatch(/^Cannot (use|refuse)/);
          return;
        }
        if ('datagramsOnly' in toxic) return;
        const active = up.proxy.add(toxic);
        if (!socket.destroyed && socket.writable) socket.write('some bytes');
        await new Promise(setImmediate);
        await active.remove();
      }),
      { numRuns: 60 },
    );
    expect(up.proxy.isClean()).toBe(true);
  });
});
