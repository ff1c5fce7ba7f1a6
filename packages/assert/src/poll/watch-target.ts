import { setTimeout as sleep } from 'node:timers/promises';
import { expectHost } from '../expect-host.js';

/** How the sentence begins that a wait was given up with. */
export const GIVEN_UP = 'Waiting was given up';

const INTERVAL_MS = 250;
/** Time for a test to take an end as expected, and for what the program left behind to be seen. */
const GRACE_MS = 500;

/**
 * Tells `onEnded` when the target has ended by itself and nobody starts it again, in a sentence; until the signal
 * aborts. A wait of less than a quarter of a second asks nobody.
 */
export async function watchTarget(onEnded: (problem: string) => void, signal: AbortSignal): Promise<void> {
  const host = expectHost();
  if (!host?.ended) return;
  try {
    for (;;) {
      await sleep(INTERVAL_MS, undefined, { signal });
      const gone = (await host.ended(signal)).find(({ atMs }) => atMs <= Date.now() - GRACE_MS);
      if (gone) return onEnded(`${GIVEN_UP}: ${gone.what} by itself`);
    }
  } catch {
    // The wait is over, or the slot does not answer, which the end of the test tells.
  }
}
