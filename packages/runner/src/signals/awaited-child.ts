import { readFileSync } from 'node:fs';
import { readProcessStat, withDescendants, type ProcessIdentity } from '@chaos/env/process';

/** A process that main waits for synchronously. */
export interface AwaitedChild {
  readonly pid: number;
  readonly command: string;
  /** The process and its descendants: any of them may hold the awaited output open. */
  readonly tree: readonly ProcessIdentity[];
}

/**
 * The process that main waits for in a call like `execSync`: the one it started last, because it cannot start another
 * meanwhile. Never one of our own, which have the mark of the run or their own session.
 */
export function awaitedChild(main: number = process.pid): AwaitedChild | undefined {
  const session = readProcessStat(main)?.session;
  try {
    const pid = readFileSync(`/proc/${main}/task/${main}/children`, 'latin1').trim().split(' ').map(Number).at(-1);
    if (!pid || readProcessStat(pid)?.session !== session) return undefined;
    if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes('\0CHAOS_RUN_ID=')) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, command, tree: withDescendants((stat) => stat.pid === pid) };
  } catch {
    return undefined;
  }
}
