import type { UndoRecipe } from '@chaos/spec';
import { isRunning, killTree, sendSignal, untilGone, withDescendants } from '@chaos/env/process';

/** Signals on which a process may end in order; it is killed after this time. */
const POLITE: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']);
const POLITE_TIMEOUT_MS = 1_000;

/**
 * Replays a `signal` recipe: only on exactly the recorded process; after an ending signal it waits until the process is
 * gone.
 */
export async function signalProcess({
  pid,
  startTime,
  signal,
  tree = false,
}: Extract<UndoRecipe, { kind: 'signal' }>): Promise<void> {
  if (!isRunning({ pid, startTime })) return;
  const isRoot = (stat: { readonly pid: number; readonly startTime: number }): boolean =>
    stat.pid === pid && stat.startTime === startTime;
  if (signal === 'SIGKILL' && tree) {
    await killTree(isRoot);
    return;
  }
  // List the descendants before the first signal: once their parent is dead, they cannot be recognized.
  const all = tree ? withDescendants(isRoot) : [{ pid, startTime }];
  for (const identity of all) sendSignal(identity, signal);
  if (signal !== 'SIGKILL' && !POLITE.has(signal)) return;
  for (const identity of await untilGone(all, POLITE_TIMEOUT_MS)) sendSignal(identity, 'SIGKILL');
  const left = await untilGone(all, POLITE_TIMEOUT_MS);
  if (left.length > 0)
    throw new Error(`Cannot end ${left.map((identity) => identity.pid).join(', ')}: still running after SIGKILL`);
}
