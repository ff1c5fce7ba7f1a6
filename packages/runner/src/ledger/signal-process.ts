import type { UndoRecipe } from '@chaos/spec';
import { isRunning, killTree, sendSignal, untilGone, withDescendants } from '@chaos/env/process';

/** Signals that a process may use to end in order; it gets this long before it is killed. */
const POLITE: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']);
const POLITE_TIMEOUT_MS = 1_000;

/**
 * Replays a `signal` recipe: only on the very process it was written for, and for an ending signal until it is gone.
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
  // Enumerated before the first signal: the children of a dead process cannot be told from strangers.
  const all = tree ? withDescendants(isRoot) : [{ pid, startTime }];
  for (const identity of all) sendSignal(identity, signal);
  if (signal !== 'SIGKILL' && !POLITE.has(signal)) return;
  for (const identity of await untilGone(all, POLITE_TIMEOUT_MS)) sendSignal(identity, 'SIGKILL');
  const left = await untilGone(all, POLITE_TIMEOUT_MS);
  if (left.length > 0)
    throw new Error(`Cannot end ${left.map((identity) => identity.pid).join(', ')}: still running after SIGKILL`);
}
