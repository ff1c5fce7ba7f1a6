import { ChaosError } from '@chaos/spec';
import type { ProcessStat } from './process-stat.js';
import { sendSignal } from './send-signal.js';
import { untilGone } from './until-gone.js';
import { withDescendants } from './with-descendants.js';

/**
 * Kills the roots and all their descendants with SIGKILL and waits until they are gone.
 * Stops all processes before it kills any, so that a tree which still forks or restarts its children cannot escape.
 *
 * @returns number of killed processes
 * @throws ChaosError `PROCESS_SURVIVED` when one is still there after `timeoutMs`
 */
export async function killTree(isRoot: (stat: ProcessStat) => boolean, timeoutMs = 5_000): Promise<number> {
  const doomed = new Map<string, ProcessStat>();
  for (let grown = true; grown;) {
    const fresh = withDescendants(
      (stat) => stat.pid !== process.pid && (isRoot(stat) || doomed.has(keyOf(stat))),
    ).filter((stat) => stat.pid !== process.pid && !doomed.has(keyOf(stat)));
    for (const stat of fresh) {
      doomed.set(keyOf(stat), stat);
      sendSignal(stat, 'SIGSTOP');
    }
    grown = fresh.length > 0;
  }
  const all = [...doomed.values()];
  for (const stat of all) sendSignal(stat, 'SIGKILL');
  const left = await untilGone(all, timeoutMs);
  if (left.length > 0)
    throw new ChaosError(
      'PROCESS_SURVIVED',
      `Cannot kill ${left.map(({ pid }) => pid).join(', ')}: still running ${timeoutMs} ms after SIGKILL`,
      {
        hint: 'A process in uninterruptible sleep (state D) waits for a disk or a network file system.',
      },
    );
  return all.length;
}

function keyOf({ pid, startTime }: ProcessStat): string {
  return `${pid} ${startTime}`;
}
