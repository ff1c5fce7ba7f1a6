import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lossOf, openLaboratory, type Laboratory } from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { openShaper } from './apply/shaper.js';
import type { NetworkFault } from './fault/network-fault.js';

// The owner of a fault dies, hangs, or is too late, for real.
const PORT = 9100;
const FAULTS: readonly NetworkFault[] = [
  { match: { destinationPorts: [PORT] }, partition: 'drop' },
  { match: { destinationPorts: [PORT + 1] }, rate: { rateBitsPerSecond: 1_000_000 } },
];
const { nft } = await probeCapabilities();

describe.skipIf(!nft.available)('dead-man switch', () => {
  let lab: Laboratory;
  beforeAll(async () => {
    lab = await openLaboratory();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  const startOwner = async (guarded: boolean): Promise<ChildProcess> => {
    const owner = fork(
      fileURLToPath(new URL('../test/owner.mjs', import.meta.url)),
      [lab.executor, FAULTS, guarded].map((value) => JSON.stringify(value)),
      { execArgv: [] },
    );
    expect((await once(owner, 'message'))[0]).toBe('ready');
    return owner;
  };
  const kill = async (owner: ChildProcess): Promise<void> => {
    const exit = once(owner, 'exit');
    owner.kill('SIGKILL');
    await exit;
  };
  const isBroken = async (): Promise<boolean> =>
    lossOf(await lab.datagrams({ port: PORT, count: 10, waitMs: 20 })) === 1;

  test('the kernel lets go within a second of the death of the owner, without any process', async () => {
    const owner = await startOwner(false);
    expect(await isBroken()).toBe(true);
    await kill(owner);
    while (await isBroken()) await delay(10);
    // The rules are still listed, but their lease has expired, so they do not act.
    expect(await lab.leftovers()).toMatch(/table inet chaos_lo_\w+\s*qdisc htb ca05:/);
    await (await openHealed()).heal();
    expect(await lab.leftovers()).toBe('');
  });

  test('a guard takes away what is left', async () => {
    for (let round = 0; round < 5; round++) {
      await kill(await startOwner(true));
      const endMs = performance.now() + 5000;
      while ((await lab.leftovers()) !== '' && performance.now() < endMs) await delay(20);
      expect(await lab.leftovers()).toBe('');
      expect(await isBroken()).toBe(false);
    }
  });

  test('an owner whose event loop is blocked keeps its faults', async () => {
    const owner = await startOwner(true);
    const told = once(owner, 'message');
    owner.send({ blockMs: 2500 });
    const endMs = performance.now() + 2300;
    while (performance.now() < endMs) expect(await isBroken()).toBe(true);
    expect((await told)[0]).toEqual({ lapses: [] });
    await kill(owner);
    while ((await lab.leftovers()) !== '') await delay(20);
  });

  test('a lease that was missed is told, and the fault acts again', async () => {
    await using shaper = await openShaper({ device: 'lo', executor: lab.executor });
    await shaper.add(FAULTS);
    const renewers = childrenOf(process.pid).filter((pid) => commandLine(pid).includes('nft\0-i'));
    expect(renewers).toHaveLength(1);
    for (const pid of renewers) process.kill(pid, 'SIGSTOP');
    while (await isBroken()) await delay(10);
    expect(shaper.lapses).toEqual([]);
    for (const pid of renewers) process.kill(pid, 'SIGCONT');
    while (!(await isBroken())) await delay(10);
    expect(shaper.lapses.length).toBeGreaterThan(0);
  });

  async function openHealed(): Promise<{ heal(): Promise<void> }> {
    const { healDevice } = await import('./restore/restore-device.js');
    return {
      heal: () =>
        healDevice({ executor: lab.executor, device: 'lo', snapshot: { hasIngress: false }, namespace: null }),
    };
  }
});

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc').flatMap((entry) =>
    /^\d+$/.test(entry) && Number(statusOf(entry, 'PPid')) === pid ? [Number(entry)] : [],
  );
}

function statusOf(pid: string, name: string): string {
  try {
    return new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}
