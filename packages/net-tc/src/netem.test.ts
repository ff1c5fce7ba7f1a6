import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  deviationMs,
  lossOf,
  meanBurst,
  meanMs,
  medianMs,
  openBrokenLaboratory,
  overtaken,
  type BrokenLaboratory,
  type Laboratory,
} from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';

// netem's effects, measured: `pnpm test:netem` runs this on a kernel that has netem. Tolerances are 5 standard
// deviations of the estimate, plus the delay that the machine adds; tests that can judge only a delay use the median.
const PORT = 9100;
const NEXT = 9101;
const CONTROL = 9199;
const CONTROLS = 60;
const LEAST_MACHINE_MS = 3;
const match = { protocol: 'udp', destinationPorts: [PORT] } as const;

const { netem } = await probeCapabilities();
const required = process.env['CHAOS_REQUIRE_NETEM'] !== undefined;

describe.skipIf(!netem.available && !required)('netem', () => {
  let lab: BrokenLaboratory;
  beforeAll(async () => {
    lab = await openBrokenLaboratory();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  // A few control datagrams go to a port without faults at the same time; their delay is the delay that this machine
  // adds.
  const measure = async (options: Parameters<Laboratory['datagrams']>[0]) => {
    const intervalMs = ((options.intervalMs ?? 1) * options.count) / (options.perTick ?? 1) / CONTROLS;
    const [measured, { arrivals }] = await Promise.all([
      lab.datagrams(options),
      lab.datagrams({ port: CONTROL, count: CONTROLS, intervalMs, waitMs: options.waitMs ?? 300 }),
    ]);
    return { ...measured, machineMs: LEAST_MACHINE_MS + 1.5 * meanMs(arrivals) + (await lab.lateness()) };
  };
  const under = async (
    fault: NetworkFault,
    count: number,
    options: {
      readonly intervalMs?: number;
      readonly perTick?: number;
      readonly host?: string;
      readonly waitMs?: number;
    } = {},
  ) => {
    await using _fault = await lab.shaper.add(fault);
    return await measure({ port: PORT, count, intervalMs: 2, ...options });
  };

  test('delays by a mean, with the deviation of a normal law', async () => {
    const { arrivals, machineMs } = await under(
      { match, delay: { delayMs: 50, jitterMs: 10, distribution: 'normal', keepOrder: false } },
      1000,
    );
    expect(arrivals).toHaveLength(1000);
    expect(meanMs(arrivals)).toBeGreaterThan(50 - 1.6);
    expect(meanMs(arrivals)).toBeLessThan(50 + 1.6 + machineMs);
    expect(Math.abs(deviationMs(arrivals) - 10)).toBeLessThan(1.9);
    expect(overtaken(arrivals)).toBeGreaterThan(100);
  });

  test('keeps the order in spite of jitter', async () => {
    const { arrivals, machineMs } = await under({ match, delay: { delayMs: 30, jitterMs: 20 } }, 500);
    expect(arrivals).toHaveLength(500);
    expect(overtaken(arrivals)).toBe(0);
    expect(meanMs(arrivals)).toBeGreaterThan(30);
    expect(meanMs(arrivals)).toBeLessThan(50 + machineMs);
  });

  test('draws delays from a table of the user', async () => {
    const { arrivals } = await under(
      { match, delay: { delayMs: 40, jitterMs: 20, distribution: { table: [-8192, 8192] }, keepOrder: false } },
      1000,
    );
    const low = arrivals.filter(([, ms]) => ms >= 20 && ms < 50).length;
    const high = arrivals.filter(([, ms]) => ms >= 60).length;
    expect(Math.abs(low - 500)).toBeLessThan(90);
    expect(Math.abs(high - 500)).toBeLessThan(90);
  });

  test('loses at random, and in bursts', async () => {
    const fast = { intervalMs: 1, perTick: 100 };
    expect(Math.abs(lossOf(await under({ match, loss: { lossRatio: 0.1 } }, 5000, fast)) - 0.1)).toBeLessThan(0.021);
    const bursts = await under({ match, loss: { model: 'gilbert-elliott', toBad: 0.02, toGood: 0.2 } }, 10_000, fast);
    // Mean length 1 / toGood = 5; loss toBad / (toBad + toGood) = 9.09 %. Some 180 bursts.
    expect(Math.abs(lossOf(bursts) - 0.0909)).toBeLessThan(0.047);
    expect(Math.abs(meanBurst(bursts) - 5)).toBeLessThan(1.7);
    const states = await under({ match, loss: { model: 'state', p13: 0.05, p31: 0.5 } }, 8000, fast);
    expect(Math.abs(lossOf(states) - 0.05 / 0.55)).toBeLessThan(0.028);
    expect(Math.abs(meanBurst(states) - 2)).toBeLessThan(0.37);
  });

  test('duplicates, corrupts and reorders a share', async () => {
    const twice = await under({ match, duplicate: { ratio: 0.1 } }, 3000, { intervalMs: 1, perTick: 50 });
    expect(Math.abs(twice.arrivals.length / twice.sent - 1.1)).toBeLessThan(0.028);
    // Most flipped bits are caught by a checksum; on lo nobody computes one.
    const corrupt = await under({ match, corrupt: { ratio: 0.2 } }, 1500, { intervalMs: 1, perTick: 50 });
    const wrong = corrupt.arrivals.filter(([, , intact]) => !intact).length;
    expect(1 - (corrupt.arrivals.length - wrong) / corrupt.sent).toBeGreaterThan(0.1);
    expect(1 - (corrupt.arrivals.length - wrong) / corrupt.sent).toBeLessThan(0.24);
    const early = await under({ match, delay: { delayMs: 30 }, reorder: { ratio: 0.25 } }, 1000);
    const overtaking = early.arrivals.filter(([, ms]) => ms < 15).length;
    expect(early.arrivals).toHaveLength(1000);
    expect(Math.abs(overtaking / 1000 - 0.25)).toBeLessThan(0.069);
  });

  test('duplicates in both directions, though a kernel may allow one such netem', async () => {
    await using _fault = await lab.shaper.add({ match: portMatches([PORT]), duplicate: { ratio: 0.5 } });
    expect((await lab.datagrams({ port: PORT, count: 500, perTick: 50 })).arrivals.length).toBeGreaterThan(600);
    expect(
      (await lab.datagrams({ port: NEXT, sourcePort: PORT, count: 500, perTick: 50 })).arrivals.length,
    ).toBeGreaterThan(600);
  });

  test('limits the rate, and delivers in slots', async () => {
    await using _rate = await lab.shaper.add({
      match: { protocol: 'tcp', destinationPorts: [PORT] },
      rate: { rateBitsPerSecond: 8_000_000, by: 'netem' },
    });
    const { received, right, ms } = await lab.stream({ port: PORT, bytes: 1_000_000 });
    expect({ received, right }).toEqual({ received: 1_000_000, right: true });
    expect((received * 8) / ms / 8000).toBeGreaterThan(0.85);
    expect((received * 8) / ms / 8000).toBeLessThan(1.15);
    const { arrivals, machineMs } = await under({ match, slot: { minDelayMs: 40 } }, 500);
    expect(arrivals).toHaveLength(500);
    const waits = arrivals.map(([, wait]) => wait);
    expect(Math.max(...waits)).toBeGreaterThan(30);
    expect(meanMs(arrivals)).toBeGreaterThan(15);
    expect(meanMs(arrivals)).toBeLessThan(25 + machineMs);
  });

  test('works for IPv6, and for what arrives', async () => {
    const six = await under({ match, delay: { delayMs: 40 } }, 200, { host: '::1' });
    expect(medianMs(six.arrivals)).toBeGreaterThan(40);
    expect(medianMs(six.arrivals)).toBeLessThan(40 + six.machineMs);
    for (const host of ['127.0.0.1', '::1']) {
      const ingress = await under({ match, direction: 'ingress', delay: { delayMs: 40 } }, 200, { host });
      expect(ingress.arrivals).toHaveLength(200);
      expect(medianMs(ingress.arrivals)).toBeGreaterThan(40);
      expect(medianMs(ingress.arrivals)).toBeLessThan(40 + ingress.machineMs);
    }
  });

  test('leaves the ports next to the target alone, and the faults of others', async () => {
    await using _other = await lab.shaper.add({ match: { destinationPorts: [NEXT] }, delay: { delayMs: 20 } });
    const measured = measure({ port: NEXT, count: 600, intervalMs: 2 });
    const untouched = lab.datagrams({ port: NEXT + 1, count: 600, intervalMs: 2 });
    for (let index = 0; index < 2; index++) {
      await using first = await lab.shaper.add({ match, delay: { delayMs: 200 } });
      await using _second = await lab.shaper.add({ match, loss: { lossRatio: 0.5 } });
      await first.heal();
    }
    const { arrivals, machineMs } = await measured;
    expect(arrivals).toHaveLength(600);
    expect(overtaken(arrivals)).toBe(0);
    expect(medianMs(arrivals)).toBeGreaterThan(20);
    expect(medianMs(arrivals)).toBeLessThan(20 + machineMs);
    const clean = (await untouched).arrivals;
    expect(clean).toHaveLength(600);
    expect(medianMs(clean)).toBeLessThan(machineMs);
  });

  test('loses nothing that waits when it is healed', async () => {
    const fault = await lab.shaper.add({ match, delay: { delayMs: 300 } });
    const sending = lab.datagrams({ port: PORT, count: 500, intervalMs: 1, waitMs: 600 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    await fault.heal();
    const { arrivals } = await sending;
    expect(arrivals).toHaveLength(500);
    expect(arrivals.some(([, ms]) => ms > 250)).toBe(true);
    expect(arrivals.some(([, ms]) => ms < 50)).toBe(true);
  });

  test('merges what several faults do to the same packets, and takes one out of it again', async () => {
    await using slow = await lab.shaper.add({ match, delay: { delayMs: 30 } });
    await using _lossy = await lab.shaper.add({ match: {}, loss: { lossRatio: 0.2 } });
    const both = await lab.datagrams({ port: PORT, count: 2000, intervalMs: 1, perTick: 4 });
    expect(medianMs(both.arrivals)).toBeGreaterThan(30);
    expect(Math.abs(lossOf(both) - 0.2)).toBeLessThan(0.05);
    await slow.heal();
    const lossOnly = await measure({ port: PORT, count: 2000, intervalMs: 1, perTick: 4 });
    expect(medianMs(lossOnly.arrivals)).toBeLessThan(lossOnly.machineMs);
    expect(Math.abs(lossOf(lossOnly) - 0.2)).toBeLessThan(0.05);
  });

  test('leaves nothing behind', async () => {
    expect(await lab.leftovers()).toBe('');
  });
});
