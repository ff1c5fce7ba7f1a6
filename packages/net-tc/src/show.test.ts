import { expect, test } from 'vitest';
import { openLaboratory } from './agent.test.helpers.js';
import { apply } from './apply/apply.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';
import { plan } from './plan/plan.js';
import { describePlan } from './show/describe-plan.js';
import { show } from './show/show.js';

const here = await probeCapabilities();
const everywhere: readonly NetworkFault[] = [
  { match: portMatches([5432], 'tcp'), rate: { rateBitsPerSecond: 2_500_000 } },
  {
    match: {
      protocol: 'udp',
      destinationPorts: [{ from: 8192, to: 8447 }, 53],
      destinationHosts: ['10.0.0.0/8', '::1', '2001:db8::/32'],
    },
    exclude: [{ sourcePorts: [99] }],
    partition: 'drop',
  },
  { match: { sourceHosts: ['127.0.0.0/8', '10.1.1.1'] }, rate: { rateBitsPerSecond: 64_000, by: 'tbf' } },
  { match: { protocol: 'tcp', sourcePorts: [6379] }, direction: 'ingress', rate: { rateBitsPerSecond: 1_000_000 } },
];
const byNft: readonly NetworkFault[] = [
  { match: portMatches([1234]), partition: 'reset' },
  { match: { protocol: 'tcp' }, exclude: portMatches([22]), partition: 'icmp', direction: 'both' },
  { match: { destinationPorts: [4321] }, loss: { lossRatio: 0.125 } },
];
const byNetem: readonly NetworkFault[] = [
  {
    match: { destinationPorts: [7000] },
    delay: { delayMs: 100, jitterMs: 10, correlation: 0.25, distribution: 'normal' },
    loss: { model: 'gilbert-elliott', toBad: 0.02, toGood: 0.2, lossInGood: 0.001 },
    duplicate: { ratio: 0.01 },
  },
  {
    match: { destinationPorts: [7000] },
    reorder: { ratio: 0.25, correlation: 0.5 },
    delay: { delayMs: 1 },
    corrupt: { ratio: 0.001 },
  },
];
// A netem that duplicates may be the only one.
const byManyNetems: readonly NetworkFault[] = [
  {
    match: { destinationPorts: [7001] },
    loss: { model: 'state', p13: 0.05, p31: 0.5, p32: 0.1, p23: 0.9, p14: 0.01 },
    slot: { minDelayMs: 10, maxDelayMs: 20, packets: 32, bytes: 6000 },
  },
  {
    match: { destinationPorts: [7002] },
    loss: { lossRatio: 0.1, correlation: 0.25, ecn: true },
    rate: { rateBitsPerSecond: 1_000_000, by: 'netem' },
  },
  {
    match: { destinationPorts: [7003] },
    delay: { delayMs: 20, jitterMs: 5, distribution: { table: [-8192, 0, 8192] } },
    direction: 'both',
  },
];

test('show() equals what was planned', async () => {
  await using lab = await openLaboratory();
  for (const faults of [
    everywhere,
    ...(here.nft.available ? [byNft] : []),
    ...(here.netem.available ? [byNetem, byManyNetems] : []),
  ]) {
    const planned = plan({ device: 'lo', faults }, here);
    await using _active = await apply(planned, { executor: lab.executor });
    expect(await show('lo', { executor: lab.executor })).toEqual(describePlan(planned));
  }
  expect(await show('lo', { executor: lab.executor })).toEqual({ classes: [], rules: {}, filters: 0, inForce: true });
});

test('apply() is no success where the kernel has something else, and leaves nothing there', async () => {
  await using lab = await openLaboratory();
  // A tc that reports success but sets twice the rate.
  const lies = {
    ...lab.executor,
    prefix: [
      ...lab.executor.prefix,
      'sh',
      '-c',
      'case "$*" in *-batch*) sed s/2500000bit/5000000bit/g | "$@";; *) exec "$@";; esac',
      'sh',
    ],
  };
  const planned = plan(
    { device: 'lo', faults: [{ match: portMatches([5432], 'tcp'), rate: { rateBitsPerSecond: 2_500_000 } }] },
    here,
  );
  await expect(apply(planned, { executor: lies })).rejects.toMatchObject({
    code: 'FAULT_NOT_AS_PLANNED',
    message: expect.stringMatching(
      /network of lo .* is not as planned: class ca05:1 should have {"classRateBitsPerSecond":2500000}, has {"classRateBitsPerSecond":5000000}/,
    ) as string,
  });
  expect(await lab.leftovers()).toBe('');
  await using _active = await apply(planned, { executor: lab.executor });
});
