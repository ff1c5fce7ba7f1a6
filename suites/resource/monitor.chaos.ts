import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { expect, test, until } from '../drivers/index.js';

const WATCH_MS = 1500;
/** Shares of the machine: busy at most when idle, used by others beside a busy target, busy at least under overload. */
const [IDLE, OTHERS, FULL] = [0.7, 0.2, 0.9];

test(
  'the monitor tells an overloaded machine from an idle one and from a busy target',
  {
    id: 'R15',
    purpose: 'What every verdict on time rests on: others that take the machine are seen, and nobody else is accused.',
    tag: ['@resource', '@monitor'],
    needs: ['digests', 'health'],
    lock: ['host', 'cpu'],
  },
  async ({ target, inject, resources, load, config }) => {
    await load.warmUp({ run: () => target.digests(['warm'], 10), operations: 4 });
    const pid = await target.process.pid();
    const watch = await resources.watchOverload({ pid });
    /** The kernel's word on the time in which `work` runs, and the monitor's at its end. */
    const judged = async (work: () => Promise<unknown>) => {
      const before = await cpuTicks(pid);
      await work();
      const after = await cpuTicks(pid);
      const { overloaded, reason } = watch.verdict();
      const all = after.all - before.all;
      const busy = 1 - (after.idle - before.idle) / all;
      return { busy, others: busy - (after.own - before.own) / all, overloaded, reason };
    };
    const health = { run: () => target.health() };

    const idle = await judged(() => load.open({ ...health, ratePerSecond: 10, durationMs: WATCH_MS }));
    if (idle.busy > IDLE) test.inconclusive(`the machine is not idle: busy by ${percent(idle.busy)}; ${idle.reason}`);
    expect(idle).toMatchObject({ overloaded: false, reason: '' });

    // The target itself burns what there is: that is its own affair.
    const compute = { run: ({ worker }: { readonly worker: number }) => target.digests([`of ${worker}`], 50_000) };
    const own = await judged(() =>
      load.closed({ ...compute, concurrency: availableParallelism() * 2, durationMs: WATCH_MS }),
    );
    if (own.others > OTHERS) test.inconclusive(`others took ${percent(own.others)} beside the target`);
    expect(own, 'while the target computes').toMatchObject({ overloaded: false, reason: '' });

    const burn = await inject(resources.cpuBurn());
    const raised = expect.poll(() => watch.verdict().overloaded, { timeout: config.timeoutMs, intervals: [50] });
    const full = await judged(async () => {
      const loaded = load.open({ ...health, ratePerSecond: 10, durationMs: WATCH_MS });
      // Judged below, after what the kernel says.
      await raised.toBe(true).catch(() => {});
      await loaded;
    });
    if (full.busy < FULL) test.inconclusive(`the machine was busy by ${percent(full.busy)} only`);
    expect(full.overloaded, 'overloaded by others').toBe(true);
    expect(full.reason).toMatch(/^others use \d/);
    await burn.heal();

    await until('a verdict that the machine is well again', () => !watch.verdict().overloaded);
    await expect(health.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'the target' });
  },
);

/** Ticks of all CPUs since the start of the machine, those in which nobody wanted one, and those of a process. */
async function cpuTicks(pid: number): Promise<{ readonly idle: number; readonly all: number; readonly own: number }> {
  const [host, process] = await Promise.all([readFile('/proc/stat', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
  const ticks = host.split('\n')[0]!.split(/ +/).slice(1, 9).map(Number);
  // After the name, which may have spaces: utime is the twelfth, stime the next.
  const own = process
    .slice(process.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return { idle: ticks[3]! + ticks[4]!, all: ticks.reduce((sum, one) => sum + one), own: own[0]! + own[1]! };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
