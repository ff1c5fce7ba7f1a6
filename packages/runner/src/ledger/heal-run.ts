import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { privateFolder } from '@chaos/env/private';
import { ChaosError } from '@chaos/spec';
import { takeLock, type HeldLock } from '../lock-file.js';
import { carriesMark } from './carries-mark.js';
import { isRunning, killTree } from '@chaos/env/process';
import { releaseDeadBlocks } from '../ports/release-dead-blocks.js';
import { healJournals, type HealReport } from './heal.js';
import { removePath } from './recipes/remove-path.js';
import { readOwner } from './run-owner.js';

/** Result of healing one dead run. */
export interface RunHealReport extends HealReport {
  readonly runId: string;
  /** The command line of the run. */
  readonly argv: readonly string[];
  /** Number of its leftover processes. */
  readonly killed: number;
  /** False if something could not be undone; its journal stays for the next try. */
  readonly removed: boolean;
}

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Ends a run whose owner is dead: kills every process with its mark, replays its journals, removes its folders. One
 * healer at a time; others wait.
 *
 * @returns `undefined` where there is nothing to heal: the owner lives, or another healer was first
 * @throws EnvironmentError where another user may have made the folder
 */
export async function healRun(
  path: string,
  { log, discard = false }: { readonly log: (line: string) => void; readonly discard?: boolean },
): Promise<RunHealReport | undefined> {
  const base = privateFolder(dirname(dirname(path)));
  using _lock = await waitForLock(join(privateFolder(join(base, 'locks')), basename(path)));
  if (!isThere(path)) return undefined;
  privateFolder(path);
  const owner = readOwner(path);
  if (!owner || isRunning(owner)) return undefined;
  const { runId, argv, dataDirectory } = owner;
  // Kill processes first: a running one could make further changes.
  const killed = await killTree(({ pid }) => carriesMark(pid, { runId, dataDirectory })).catch((error: Error) => {
    log(error.message);
    return 0;
  });
  const report = await healJournals(join(path, 'journals'), { log });
  if (basename(dataDirectory).startsWith(`chaos-${runId}-`)) await removePath(dataDirectory);
  releaseDeadBlocks();
  const removed = report.failed.length === 0 || discard;
  if (removed) await rm(path, { recursive: true, force: true });
  return { ...report, runId, argv, killed, removed };
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function waitForLock(path: string): Promise<HeldLock> {
  const deadline = performance.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    const taken = takeLock(path);
    if ('lock' in taken) return taken.lock;
    if (performance.now() > deadline)
      throw new ChaosError(
        'HEAL_BUSY',
        `Cannot heal ${basename(path)}: process ${taken.heldBy?.pid ?? '?'} has been at it for ${LOCK_TIMEOUT_MS} ms`,
        { hint: `End that process, then run: chaos heal` },
      );
    await delay(20);
  }
}
