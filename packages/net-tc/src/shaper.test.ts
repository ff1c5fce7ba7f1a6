import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lossOf, openBrokenLaboratory, type BrokenLaboratory } from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { openShaper } from './apply/shaper.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';

// Effects that every kernel with HTB has (without nftables, as in User-Mode Linux, filters choose the packets). Tests
// that need netem are in netem.test.ts.
const PORT = 9100;
const NEXT = 9101;
const { nft, netem } = await probeCapabilities();
/** Losses and dropped packets need one of them. */
const canLose = nft.available || netem.available;

describe('faults on lo without netem', () => {
  let lab: BrokenLaboratory;
  beforeAll(async () => {
    lab = await openBrokenLaboratory();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  test.skipIf(!canLose)('drops a share of the packets to a port, and none to the next one', async () => {
    await using _fault = await lab.shaper.add({
      match: { protocol: 'udp', destinationPorts: [PORT] },
      loss: { lossRatio: 0.1 },
    });
    const hit = await lab.datagrams({ port: PORT, count: 10_000, perTick: 20 });
    // 5 standard deviations of a binomial.
    expect(Math.abs(lossOf(hit) - 0.1)).toBeLessThan(0.015);
    expect(hit.errors).toBe(0);
    expect(lossOf(await lab.datagrams({ port: NEXT, count: 2000, perTick: 20 }))).toBe(0);
  });

  test('limits the rate of a port in one direction, and not that of the next one', async () => {
    await using _fault = await lab.shaper.add({
      match: { protocol: 'tcp', destinationPorts: [PORT] },
      rate: { rateBitsPerSecond: 16_000_000 },
    });
    const slow = await lab.stream({ port: PORT, bytes: 2_000_000 });
    expect(slow).toMatchObject({ received: 2_000_000, right: true });
    expect((slow.received * 8) / slow.ms / 16_000).toBeGreaterThan(0.9);
    expect((slow.received * 8) / slow.ms / 16_000).toBeLessThan(1.1);
    const fast = await lab.stream({ port: NEXT, bytes: 20_000_000 });
    expect((fast.received * 8) / fast.ms / 16_000).toBeGreaterThan(5);
  });

  test('limits the rate by a token bucket that lets the large packets of lo pass', async () => {
    await using _fault = await lab.shaper.add({
      match: portMatches([PORT]),
      rate: { rateBitsPerSecond: 16_000_000, by: 'tbf' },
    });
    const slow = await lab.stream({ port: PORT, bytes: 2_000_000 });
    expect(slow).toMatchObject({ received: 2_000_000, right: true });
    expect((slow.received * 8) / slow.ms / 16_000).toBeGreaterThan(0.8);
    expect((slow.received * 8) / slow.ms / 16_000).toBeLessThan(1.3);
  });

  const outcome = async (fault: NetworkFault): Promise<unknown> => {
    await using _fault = await lab.shaper.add(fault);
    expect((await lab.connects({ port: NEXT }))[0]).toBeTypeOf('number');
    return (await lab.connects({ port: PORT, timeoutMs: 400 }))[0];
  };

  test.skipIf(!canLose)('partitions by silence, both ways and one way', async () => {
    expect(await outcome({ match: portMatches([PORT]), partition: 'drop' })).toBe('silence');
    expect(await outcome({ match: { destinationPorts: [PORT] }, partition: 'drop' })).toBe('silence');
    expect(await outcome({ match: { destinationPorts: [PORT] }, direction: 'ingress', partition: 'drop' })).toBe(
      'silence',
    );
    expect((await lab.connects({ port: PORT }))[0]).toBeTypeOf('number');
    await using _oneWay = await lab.shaper.add({ match: { protocol: 'udp', sourcePorts: [PORT] }, partition: 'drop' });
    expect(lossOf(await lab.datagrams({ port: NEXT, sourcePort: PORT, count: 50 }))).toBe(1);
    expect(lossOf(await lab.datagrams({ port: PORT, sourcePort: NEXT, count: 50 }))).toBe(0);
  });

  test.skipIf(!nft.available)('partitions by reset and by ICMP', async () => {
    expect(await outcome({ match: portMatches([PORT]), partition: 'reset' })).toBe('ECONNREFUSED');
    expect(await outcome({ match: portMatches([PORT]), partition: 'icmp' })).toMatch(/EHOSTUNREACH|EACCES|ENETUNREACH/);
  });

  // node cannot set the TOS of a socket.
  test('lets what does not match pass a jammed class, at every TOS', async () => {
    if (
      !(await lab.run('python3', '--version').then(
        () => true,
        () => false,
      ))
    )
      return;
    await using _fault = await lab.shaper.add({
      match: { destinationPorts: [PORT] },
      rate: { rateBitsPerSecond: 8000 },
    });
    const script = `
import socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); receiver.bind(('127.0.0.1', ${NEXT})); receiver.settimeout(2)
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
jammer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(50): jammer.sendto(b'x' * 1000, ('127.0.0.1', ${PORT}))
for tos in range(0, 256, 4):
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
    sender.sendto(bytes([tos]), ('127.0.0.1', ${NEXT}))
    assert receiver.recv(10) == bytes([tos]), tos
print('passed')`;
    expect(await lab.run('python3', '-c', script)).toBe('passed');
    expect(await lab.run('tc', '-s', 'qdisc', 'show', 'dev', 'lo')).toMatch(/pfifo[^]*backlog [1-9]\d*K?b [1-9]/);
  });

  test.skipIf(!canLose)('acts on IPv6, port ranges and what is not excluded', async () => {
    await using _fault = await lab.shaper.add({
      match: { destinationPorts: [{ from: 9000, to: 9199 }], destinationHosts: ['::/0'] },
      exclude: { destinationPorts: [9150] },
      partition: 'drop',
    });
    const loss = async (port: number, host: string): Promise<number> =>
      lossOf(await lab.datagrams({ port, host, count: 30 }));
    expect(await loss(9000, '::1')).toBe(1);
    expect(await loss(9199, '::1')).toBe(1);
    expect(await loss(9150, '::1')).toBe(0);
    expect(await loss(9200, '::1')).toBe(0);
    expect(await loss(9000, '127.0.0.1')).toBe(0);
  });

  test.skipIf(!canLose)('acts on hosts and blocks of them', async () => {
    await using _fault = await lab.shaper.add({
      match: { destinationHosts: ['127.0.0.2', '127.1.0.0/16'] },
      partition: 'drop',
    });
    const loss = async (host: string): Promise<number> => lossOf(await lab.datagrams({ port: PORT, host, count: 30 }));
    expect([await loss('127.0.0.2'), await loss('127.1.2.3')]).toEqual([1, 1]);
    expect([await loss('127.0.0.1'), await loss('127.2.0.1')]).toEqual([0, 0]);
  });

  test.skipIf(!canLose)('tells TCP from UDP on the same port', async () => {
    const seen = async (protocol: 'tcp' | 'udp'): Promise<unknown> => {
      await using _fault = await lab.shaper.add({ match: portMatches([PORT], protocol), partition: 'drop' });
      return [
        lossOf(await lab.datagrams({ port: PORT, count: 30 })),
        typeof (await lab.connects({ port: PORT, timeoutMs: 400 }))[0],
      ];
    };
    expect(await seen('tcp')).toEqual([0, 'string']);
    expect(await seen('udp')).toEqual([1, 'number']);
  });

  test('loses nothing that waits for its turn when it is healed', async () => {
    const fault = await lab.shaper.add({
      match: { protocol: 'udp', destinationPorts: [PORT] },
      rate: { rateBitsPerSecond: 100_000 },
    });
    const sending = lab.datagrams({ port: PORT, count: 200, perTick: 20, bytes: 1000, waitMs: 3000 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await fault.heal();
    const { arrivals, sent } = await sending;
    expect(new Set(arrivals.map(([number]) => number)).size).toBe(sent);
    // At 100 kbit/s it would have taken 16 s.
    expect(arrivals.some(([, ms]) => ms > 100)).toBe(true);
  });

  test('refuses the route of a device at once, and that to other ports not at all', async () => {
    const { executor } = lab;
    for (const words of [
      'link add v0 type veth peer name v1',
      'addr add 10.9.0.1/24 dev v0',
      'link set v0 up',
      'link set v1 up',
      // A static neighbour entry: without it the kernel would look for the neighbour and give up after three seconds.
      // So packets are just lost.
      'neigh add 10.9.0.2 lladdr 02:00:00:00:00:01 dev v0',
    ])
      await lab.run('ip', ...words.split(' '));
    const dial = async (port: number): Promise<unknown> =>
      (await lab.connects({ port, host: '10.9.0.2', timeoutMs: 300, listen: false }))[0];
    expect(await dial(PORT)).toBe('silence');
    {
      await using shaper = await openShaper({ device: 'v0', executor });
      await using _fault = await shaper.add({
        match: { protocol: 'tcp', destinationPorts: [PORT] },
        partition: 'blackhole',
      });
      expect(await dial(PORT)).toMatch(/^E(INVAL|HOSTUNREACH|NETUNREACH)$/);
      expect(await dial(NEXT)).toBe('silence');
    }
    expect(await dial(PORT)).toBe('silence');
    await lab.run('ip', 'link', 'del', 'v0');
  });

  test('leaves nothing behind', async () => {
    expect(await lab.leftovers()).toBe('');
  });
});
