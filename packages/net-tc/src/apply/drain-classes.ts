import { setTimeout as delay } from 'node:timers/promises';
import type { Executor } from '../executors/executor.js';
import { leafHandles } from '../plan/commands/handles.js';
import { longestDelayMs } from '../plan/commands/netem-arguments.js';
import type { Drain } from '../plan/transition.js';
import { showQdiscs } from '../restore/snapshot.js';

const POLL_MS = 10;
/** Time for packets that have chosen a class but are not in its queue yet, ms. */
const SETTLE_MS = 20;

/**
 * Waits until the queues of classes that nothing goes to any more are empty, for `mostMs` at most: removing a queue
 * loses what is in it.
 */
export async function drainClasses(
  executor: Executor,
  drains: readonly Drain[],
  mostMs: number,
  signal: AbortSignal,
): Promise<void> {
  const holding = drains.filter(({ layout }) => layout.shape.netem ?? layout.shape.rate);
  if (holding.length === 0) return;
  const longest = Math.max(
    ...holding.map(({ layout }) => (layout.shape.netem ? longestDelayMs(layout.shape.netem) : 0)),
  );
  const deadline = performance.now() + Math.max(mostMs, 2 * longest);
  await delay(SETTLE_MS, undefined, { signal });
  for (const device of new Set(holding.map((one) => one.device))) {
    const handles = new Set(
      holding.filter((one) => one.device === device).map(({ layout }) => leafHandles(layout.classMinor).first),
    );
    while (performance.now() < deadline) {
      const queued = (await showQdiscs(executor, device, signal))
        .filter(({ handle }) => handles.has(handle))
        .reduce((sum, { qlen = 0 }) => sum + qlen, 0);
      if (queued === 0) break;
      await delay(POLL_MS, undefined, { signal });
    }
  }
}
