import { afterAll, beforeAll, expect, test } from 'vitest';
import { lossOf, openLaboratory, type Laboratory } from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { openShaper } from './apply/shaper.js';
import type { NetworkFault } from './fault/network-fault.js';
import { ALL_CAPABILITIES } from './plan/tc-capabilities.js';

// The user's own qdiscs are restored after our faults; if they cannot be restored, we refuse to start.
const FAULTS: readonly NetworkFault[] = [
  { match: { destinationPorts: [9100] }, rate: { rateBitsPerSecond: 1_000_000 } },
  { match: { destinationPorts: [9101] }, direction: 'ingress', rate: { rateBitsPerSecond: 1_000_000 } },
];
const here = await probeCapabilities();
const canLose = here.nft.available || here.netem.available;
let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});
const has = async (...words: string[]): Promise<boolean> =>
  await lab.run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...words).then(
    () => true,
    () => false,
  );
const state = async (): Promise<string> =>
  (await lab.run('tc', 'qdisc', 'show', 'dev', 'lo')) +
  (await lab.run('tc', 'filter', 'show', 'dev', 'lo', 'parent', 'ffff:').catch(() => ''));
const breakAndHeal = async (): Promise<void> => {
  await using shaper = await openShaper({ device: 'lo', executor: lab.executor });
  await shaper.add(FAULTS);
  expect(await lab.run('tc', 'qdisc', 'show', 'dev', 'lo')).toContain('htb ca05:');
};

test.each([
  ['handle', '8001:', 'pfifo', 'limit', '77'],
  ['handle', '8002:', 'bfifo', 'limit', '100000'],
  ['handle', '8003:', 'tbf', 'rate', '80mbit', 'burst', '100kb', 'latency', '50ms'],
  ['handle', '8004:', 'sfq', 'perturb', '10', 'quantum', '2000', 'limit', '100'],
  ['handle', '8005:', 'fq_codel', 'limit', '5000', 'target', '10ms', 'interval', '200ms', 'noecn'],
])("the user's qdisc comes back: %s %s %s", async (...words) => {
  if (!(await has(...words))) return;
  const before = await state();
  await breakAndHeal();
  expect(await state()).toBe(before);
  await lab.run('tc', 'qdisc', 'del', 'dev', 'lo', 'root');
});

test('one that could not be set up again is refused, and left alone', async () => {
  expect(await has('handle', '1:', 'htb', 'default', '1')).toBe(true);
  await lab.run('tc', 'class', 'add', 'dev', 'lo', 'parent', '1:', 'classid', '1:1', 'htb', 'rate', '100mbit');
  const before = await state();
  await using shaper = await openShaper({ device: 'lo', executor: lab.executor });
  await expect(shaper.add(FAULTS)).rejects.toMatchObject({
    code: 'QDISC_NOT_RESTORABLE',
    hint: expect.stringContaining('tc qdisc del dev lo root') as string,
  });
  expect(await state()).toBe(before);
  await lab.run('tc', 'qdisc', 'del', 'dev', 'lo', 'root');
});

test("the user's ingress filters stay, and go on working", async () => {
  await lab.run('tc', 'qdisc', 'add', 'dev', 'lo', 'handle', 'ffff:', 'ingress');
  await lab.run(
    'tc',
    'filter',
    'add',
    'dev',
    'lo',
    'parent',
    'ffff:',
    'protocol',
    'ip',
    'pref',
    '5',
    'u32',
    'match',
    'ip',
    'dport',
    '7777',
    '0xffff',
    'flowid',
    'ffff:1',
  );
  const before = await state();
  await breakAndHeal();
  expect(await state()).toBe(before);
  await lab.run('tc', 'qdisc', 'del', 'dev', 'lo', 'ingress');
});

test.skipIf(!canLose)(
  'two sessions cannot break one device, and a failed change leaves the others as they were',
  async () => {
    await using shaper = await openShaper({ device: 'lo', executor: lab.executor });
    await using _fault = await shaper.add({ match: { destinationPorts: [9102] }, partition: 'drop' });
    await using other = await openShaper({ device: 'lo', executor: lab.executor });
    await expect(other.add(FAULTS)).rejects.toMatchObject({ code: 'DEVICE_BUSY' });
    await using _shaped = await shaper.add(FAULTS[0] as NetworkFault);
    await expect(other.add(FAULTS)).rejects.toMatchObject({ code: 'DEVICE_BUSY' });
    await expect(
      shaper.add({
        match: { destinationPorts: [9103] },
        delay: { delayMs: 5, jitterMs: 1, distribution: 'nowhere' as 'normal' },
      }),
    ).rejects.toThrow(RangeError);
    expect(lossOf(await lab.datagrams({ port: 9102, count: 10 }))).toBe(1);
  },
);

test.skipIf(here['netem-seed'].available || !canLose)('a change that is refused takes back only itself', async () => {
  await using shaper = await openShaper({
    device: 'lo',
    executor: lab.executor,
    capabilities: { ...ALL_CAPABILITIES, nft: here.nft },
  });
  await using _cut = await shaper.add({ match: { destinationPorts: [9102] }, partition: 'drop' });
  const sending = lab.datagrams({ port: 9102, count: 300, intervalMs: 1 });
  const refused = shaper.add([
    FAULTS[0] as NetworkFault,
    { match: { destinationPorts: [9103] }, delay: { delayMs: 1 }, seed: 1 },
  ]);
  await expect(refused).rejects.toMatchObject({
    code: expect.stringMatching(/TC_FAILED|CAPABILITY_MISSING/) as string,
  });
  expect(lossOf(await sending)).toBe(1);
  expect(await lab.run('tc', 'class', 'show', 'dev', 'lo')).not.toMatch(/rate 1Mbit/);
  await using _after = await shaper.add(FAULTS);
  expect(await lab.run('tc', 'class', 'show', 'dev', 'lo')).toMatch(/rate 1Mbit/);
});

test('nothing is left', async () => {
  expect(await lab.leftovers()).toBe('');
});
