import { pathToFileURL } from 'node:url';
import { identityOf } from '@chaos/env/process';
import { checkRange, activeFault, EnvironmentError, noJournal, type Fault, type Journal } from '@chaos/spec';
import { packageFile } from './package-file.js';
import { readLimits, setSoftLimit } from './prlimit.js';
import { raiseLimit } from './raise-limit.js';

/** Options of {@link descriptorLimit}. */
export interface DescriptorLimitOptions {
  /** The process, as this machine counts. */
  readonly pid: number;
  /** The new soft limit: number of files, sockets and pipes that it may have open; those already open stay open. */
  readonly soft: number;
  /** Gets the undo recipe before the limit is lowered. Default: nowhere. */
  readonly journal?: Journal;
}

/**
 * Lowers the soft limit of open descriptors of a running process (`prlimit`), so that `accept`, `connect` and `open`
 * fail with EMFILE; healing raises it again.
 * @throws `RangeError` for a `soft` that is no whole number from 0, or a `pid` that is no whole number from 1.
 */
export function descriptorLimit({ pid, soft, journal = noJournal }: DescriptorLimitOptions): Fault {
  checkRange('soft', soft, { least: 0, whole: true });
  checkRange('pid', pid, { least: 1, whole: true });
  return {
    name: `descriptor limit ${soft} of process ${pid}`,
    async inject(signal) {
      const identity = identityOf(pid);
      if (identity === undefined) throw new EnvironmentError(`Cannot limit descriptors: there is no process ${pid}`);
      const before = await readLimits(pid, signal);
      const data = { ...identity, soft: before.soft === Infinity ? ('unlimited' as const) : before.soft };
      const entry = journal.record(
        { kind: 'call', module: pathToFileURL(packageFile('raise-limit.js')).href, export: 'raiseLimit', data },
        `descriptor limit of process ${pid}`,
      );
      const undo = async (): Promise<void> => {
        await raiseLimit(data);
        entry.settle();
      };
      try {
        await setSoftLimit(pid, Math.min(soft, before.hard), signal);
      } catch (error) {
        await undo();
        throw error;
      }
      return activeFault(undo);
    },
  };
}
