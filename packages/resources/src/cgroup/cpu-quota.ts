import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeFault, checkRange, noJournal, type Fault, type Journal } from '@chaos/spec';
import { confine } from './confine.js';

// Short, so that a process without quota waits for a fraction of any time-out.
const PERIOD_US = 20_000;

/** Options of {@link cpuQuota}. */
export interface CpuQuotaOptions {
  /** The process, as this machine counts; its descendants share the quota. */
  readonly pid: number;
  /** CPUs that they may use together: 0.25 is a quarter of one. */
  readonly cpus: number;
  /** Gets the undo recipe before the process is limited. Default: nowhere. */
  readonly journal?: Journal;
}

/**
 * Limits the CPU time of a process and its descendants by a control group (v1 or v2); healing moves them back. What it
 * met are the periods in which they wanted more than their quota.
 * @throws `CapabilityMissing` where no control group can be made.
 * @throws `RangeError` for `cpus` that is not from 0.05 to 1024.
 */
export function cpuQuota({ pid, cpus, journal = noJournal }: CpuQuotaOptions): Fault {
  checkRange('cpus', cpus, { least: 0.05, most: 1024 });
  checkRange('pid', pid, { least: 1, whole: true });
  const quotaUs = Math.round(cpus * PERIOD_US);
  return {
    name: `CPU quota ${cpus} of process ${pid}`,
    async inject(signal) {
      signal.throwIfAborted();
      const group = await confine(
        pid,
        {
          controller: 'cpu',
          v1: { 'cpu.cfs_period_us': `${PERIOD_US}`, 'cpu.cfs_quota_us': `${quotaUs}` },
          v2: { 'cpu.max': `${quotaUs} ${PERIOD_US}` },
        },
        journal,
      );
      let last = 0;
      const throttled = (): number => {
        if (existsSync(group.folder)) last = throttledPeriods(group.folder);
        return last;
      };
      const heal = async (): Promise<void> => {
        throttled();
        await group.leave();
      };
      return activeFault(heal, { met: () => ({ throttledPeriods: throttled() }) });
    },
  };
}

function throttledPeriods(folder: string): number {
  return Number(/^nr_throttled (\d+)/m.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1] ?? 0);
}
