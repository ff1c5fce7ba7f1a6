import { existsSync, readFileSync } from 'node:fs';
import { parseDistributionTable } from '@chaos/stats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  lossOf,
  meanBurst,
  medianMs,
  openBrokenLaboratory,
  type BrokenLaboratory,
  type Datagrams,
} from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import type { NetworkFault } from './fault/network-fault.js';

// The finer points of netem, measured: correlated losses, iproute2's tables, gaps, limits, marks. See netem.test.ts.
const PORT = 9100;
const match = { protocol: 'udp', destinationPorts: [PORT] } as const;
const TABLES = ['/usr/lib/tc', '/usr/lib/x86_64-linux-gnu/tc', '/usr/lib/aarch64-linux-gnu/tc', '/usr/share/tc'];

const { netem } = await probeCapabilities();
const required = process.env['CHAOS_REQUIRE_NETEM'] !== undefined;

describe.skipIf(!netem.available && !required)('the laws of netem', () => {
  let lab: BrokenLaboratory;
  beforeAll(async () => {
    lab = await openBrokenLaboratory();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  const under = async (
    fault: Omit<NetworkFault, 'match'>,
    count: number,
    options: Partial<Parameters<BrokenLaboratory['datagrams']>[0]> = {},
  ): Promise<Datagrams> => {
    await using _fault = await lab.shaper.add({ match, ...fault });
    return await lab.datagrams({ port: PORT, count, intervalMs: 2, ...options });
  };

  test.each(['pareto', 'paretonormal', 'experimental'] as const)(
    'delays by %s are those of its table, and of no other',
    async (distribution) => {
      const { arrivals } = await under(
        { delay: { delayMs: 200, jitterMs: 40, distribution, keepOrder: false } },
        1000,
        { waitMs: 800 },
      );
      expect(arrivals).toHaveLength(1000);
      const measured = arrivals.map(([, ms]) => (ms - 200) / 40);
      const apart = Object.fromEntries(
        ['normal', 'pareto', 'paretonormal', 'experimental'].map((name) => [name, distance(measured, table(name))]),
      );
      // Kolmogorov-Smirnov bound exceeded once in a million runs: 2.69 / √1000; plus 0.04 for a machine that adds 4 ms,
      // a tenth of a deviation.
      expect(apart[distribution]).toBeLessThan(0.085 + 0.04);
      expect(Math.min(...Object.values(apart))).toBe(apart[distribution]);
    },
  );

  test('a correlated loss comes in bursts, and is less than its ratio', async () => {
    const correlated = await under({ loss: { lossRatio: 0.4, correlation: 0.75 } }, 8000, {
      intervalMs: 1,
      perTick: 100,
    });
    // Numbers that mix a quarter of new randomness with three quarters of the previous one: 18.7 % are below 0.4, in
    // runs of 2.32.
    expect(Math.abs(lossOf(correlated) - 0.187)).toBeLessThan(0.042);
    expect(Math.abs(meanBurst(correlated) - 2.32)).toBeLessThan(0.36);
  });

  test('with a gap every fifth packet overtakes', async () => {
    const { arrivals } = await under({ delay: { delayMs: 60 }, reorder: { ratio: 1, gap: 5 } }, 500);
    const early = arrivals.filter(([, ms]) => ms < 40).map(([number]) => number);
    expect(Math.abs(early.length - 100)).toBeLessThan(10);
    expect(early.filter((number) => number % 5 === 4).length).toBeGreaterThan(90);
  });

  test('holds a burst that the default limit of netem would cut', async () => {
    // Held for so long that a machine of any speed sends more than the limit before the first is let go.
    const delay = { delayMs: 4000 };
    const burst = { intervalMs: 1, perTick: 500, waitMs: 6000 };
    expect(lossOf(await under({ delay }, 3000, burst))).toBe(0);
    expect(lossOf(await under({ delay, limitPackets: 1000 }, 3000, burst))).toBeGreaterThan(0.1);
  });

  test('acts on what leaves and on what arrives', async () => {
    expect(medianMs((await under({ direction: 'both', delay: { delayMs: 40 } }, 200)).arrivals)).toBeGreaterThan(80);
  });

  // node can neither set nor see the bits of ECN.
  test('marks instead of drops where the packet allows it', async () => {
    await using _fault = await lab.shaper.add({ match, loss: { lossRatio: 1, ecn: true } });
    const script = `
import socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); receiver.bind(('127.0.0.1', ${PORT})); receiver.settimeout(1)
receiver.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for tos in (0, 2):
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
    sender.sendto(bytes([tos]), ('127.0.0.1', ${PORT}))
data, ancillary, _, _ = receiver.recvmsg(10, 100)
print(data[0], ancillary[0][2][0])`;
    expect(await lab.run('python3', '-c', script)).toBe('2 3');
  });
});

function table(name: string): readonly number[] {
  const folder = TABLES.find((one) => existsSync(`${one}/${name}.dist`)) ?? TABLES[0];
  return [...parseDistributionTable(readFileSync(`${folder}/${name}.dist`, 'utf8'))].map((entry) => entry / 8192);
}

function distance(values: readonly number[], law: readonly number[]): number {
  const share = (all: readonly number[], most: number): number =>
    all.filter((value) => value <= most).length / all.length;
  return Math.max(...values.map((value) => Math.abs(share(values, value) - share(law, value))));
}
