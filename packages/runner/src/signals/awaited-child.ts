import { readFileSync } from 'node:fs';
import { listProcesses, readProcessStat } from '@chaos/env/process';

/** A process that main waits for. */
export interface AwaitedChild {
  readonly pid: number;
  readonly command: string;
  /** Itself and what it started: any of them may hold the output that is waited for. */
  readonly tree: readonly number[];
}

/**
 * The process that main waits for in a call like `execSync`: the last one that it started, for it cannot start any
 * other. None of ours is meant: they carry the mark of the run, or have a session of their own.
 */
export function awaitedChild(main: number = process.pid): AwaitedChild | undefined {
  const session = readProcessStat(main)?.session;
  try {
    const pid = readFileSync(`/proc/${main}/task/${main}/children`, 'latin1').trim().split(' ').map(Number).at(-1);
    if (!pid || readProcessStat(pid)?.session !== session) return undefined;
    if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes('\0CHAOS_RUN_ID=')) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, command, tree: treeOf(pid) };
  } catch {
    return undefined;
  }
}

function treeOf(root: number): readonly number[] {
  const tree = [root];
  const all = listProcesses();
  for (const pid of tree) tree.push(...all.filter(({ parent }) => parent === pid).map((child) => child.pid));
  return tree;
}
