import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isChaosError, type ActiveFault, type Fault, type Journal, type UndoRecipe } from '@chaos/spec';
import { afterEach, expect, it, type TestContext } from 'vitest';
import { cpuQuota } from './cpu-quota.js';
import { leaveGroup } from './leave-group.js';
import { memoryLimit } from './memory-limit.js';

let child: ChildProcess | undefined;
let active: ActiveFault | undefined;
afterEach(async () => {
  await active?.heal();
  child?.kill('SIGKILL');
  [child, active] = [undefined, undefined];
});

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

function recipes(): Journal & { readonly open: UndoRecipe[] } {
  const open: UndoRecipe[] = [];
  return {
    open,
    record(recipe) {
      open.push(recipe);
      return { settle: () => void open.splice(open.indexOf(recipe), 1) };
    },
  } as Journal & { readonly open: UndoRecipe[] };
}

async function started(code: string): Promise<number> {
  child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child, 'spawn');
  return child.pid as number;
}

// A machine without control groups refuses with the reason, which is then all that can be asserted.
async function injected(fault: Fault, { skip }: TestContext): Promise<ActiveFault> {
  try {
    return await fault.inject(signal());
  } catch (error) {
    if (!isChaosError(error, 'CAPABILITY_MISSING')) throw error;
    expect(error.hint).toContain('cgroup');
    return skip(error.message);
  }
}

const cpuGroupOf = (pid: number): string | undefined =>
  readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .find((line) => /:cpu(,|:)/.test(line) || line.startsWith('0::/chaos'));

it('cpuQuota() leaves a busy process its share, and gives all of it back', async (context) => {
  const pid = await started('for (;;);');
  const before = cpuGroupOf(pid);
  const journal = recipes();
  active = await injected(cpuQuota({ pid, cpus: 0.1, journal }), context);
  expect(journal.open).toMatchObject([{ kind: 'call', export: 'leaveGroup' }]);
  expect(cpuGroupOf(pid)).toContain('chaos-cpu-');
  await expect.poll(() => active!.met!()!['throttledPeriods'], { timeout: 10_000 }).toBeGreaterThan(5);
  await active.heal();
  expect(cpuGroupOf(pid)).toBe(before);
  expect(journal.open).toEqual([]);
  expect(active.met!()!['throttledPeriods']).toBeGreaterThan(5);
});

it('the undo recipe of a quota works alone, and does nothing twice', async (context) => {
  const pid = await started('setInterval(() => {}, 1000)');
  const before = cpuGroupOf(pid);
  const journal = recipes();
  active = await injected(cpuQuota({ pid, cpus: 0.5, journal }), context);
  const { data } = journal.open[0] as unknown as { data: { folder: string; home: string } };
  await leaveGroup(data);
  expect(existsSync(data.folder)).toBe(false);
  expect(cpuGroupOf(pid)).toBe(before);
  await leaveGroup(data);
});

it('memoryLimit() lets the kernel kill who takes more', async (context) => {
  const pid = await started('const kept = []; setInterval(() => kept.push(Buffer.alloc(1 << 20, 1)), 2)');
  const exit = once(child!, 'exit');
  active = await injected(memoryLimit({ pid, moreBytes: 24 << 20 }), context);
  expect(await Promise.race([exit, delay(15_000)])).toEqual([null, 'SIGKILL']);
  expect(active.met!()!['limitReached']).toBeGreaterThan(0);
});

it('memoryLimit() leaves alone who keeps below it', async (context) => {
  const pid = await started('console.log("up"); setInterval(() => console.log("up"), 20)');
  await once(child!.stdout!, 'data');
  active = await injected(memoryLimit({ pid, moreBytes: 64 << 20 }), context);
  await once(child!.stdout!, 'data');
  await active.heal();
  await once(child!.stdout!, 'data');
  expect(child!.exitCode).toBeNull();
});

it('removes nothing but groups of faults', async () => {
  await expect(leaveGroup({ folder: '/sys/fs/cgroup/system.slice', home: '/sys/fs/cgroup' })).rejects.toThrow(
    'was not made by a fault',
  );
  await expect(leaveGroup({ folder: '/tmp/chaos-x', home: '/sys/fs/cgroup' })).rejects.toThrow('below /sys/fs/cgroup');
  await expect(leaveGroup({ folder: '/sys/fs/cgroup/../../tmp/chaos-x', home: '/sys/fs/cgroup' })).rejects.toThrow(
    'no plain path',
  );
});

it.each([
  [{ cpus: 0 }, 'cpus: current value is 0'],
  [{ cpus: 2000 }, 'cpus: current value is 2000'],
])('cpuQuota() refuses %o', (options, message) => {
  expect(() => cpuQuota({ pid: 1, ...options })).toThrow(message);
});
