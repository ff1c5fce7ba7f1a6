import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeFault, checkRange, noJournal, type Fault, type Journal } from '@chaos/spec';
import { confine } from './confine.js';

/** Options of {@link memoryLimit}. */
export interface MemoryLimitOptions {
  /** The process, as this machine counts; its descendants share the limit. */
  readonly pid: number;
  /** Memory that they may take from now on, on top of what they have, bytes. At least 1 MiB. */
  readonly moreBytes: number;
  /** Gets the undo recipe before the process is limited. Default: nowhere. */
  readonly journal?: Journal;
}

/**
 * Limits the memory that a process and its descendants may still take, by a control group (v1 or v2): whoever takes
 * more is killed by the kernel (SIGKILL), as in a container that is too small. Healing moves them back. What it met are
 * the times that the limit was reached.
 * @throws `CapabilityMissing` where no control group can be made.
 * @throws `RangeError` for `moreBytes` below 1 MiB.
 */
export function memoryLimit({ pid, moreBytes, journal = noJournal }: MemoryLimitOptions): Fault {
  checkRange('moreBytes', moreBytes, { least: 1 << 20, whole: true });
  checkRange('pid', pid, { least: 1, whole: true });
  return {
    name: `memory limit of process ${pid}: ${Math.round(moreBytes / (1 << 20))} MiB more`,
    async inject(signal) {
      signal.throwIfAborted();
      // Pages stay charged to the group in which they were touched first, so the new group begins at 0.
      const group = await confine(
        pid,
        {
          controller: 'memory',
          v1: { 'memory.limit_in_bytes': `${moreBytes}` },
          v2: { 'memory.max': `${moreBytes}` },
        },
        journal,
      );
      let last = 0;
      const reached = (): number => {
        if (existsSync(group.folder)) last = timesReached(group.folder, group.version);
        return last;
      };
      const heal = async (): Promise<void> => {
        reached();
        await group.leave();
      };
      return activeFault(heal, { met: () => ({ limitReached: reached() }) });
    },
  };
}

function timesReached(folder: string, version: 1 | 2): number {
  if (version === 1) return Number(readFileSync(join(folder, 'memory.failcnt'), 'utf8'));
  return Number(/^max (\d+)/m.exec(readFileSync(join(folder, 'memory.events'), 'utf8'))?.[1] ?? 0);
}
