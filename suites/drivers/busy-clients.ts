import { setTimeout as delay } from 'node:timers/promises';
import { outcomeOf, type Load } from '@chaos/test';

/** Clients that repeat an operation until they are stopped. */
export interface BusyClients {
  /** Outcomes so far: of `unknown` and `timeout` it is not known whether it happened. */
  readonly counts: { ok: number; failed: number; unknown: number };
  /** Lets every client end its operation. */
  stop(): Promise<void>;
}

// A client whose request failed does not ask again at once.
const PAUSE_MS = 25;

/** Starts so many clients at the same moment. */
export function busyClients(load: Load, clients: number, run: (client: number) => Promise<unknown>): BusyClients {
  const counts = { ok: 0, failed: 0, unknown: 0 };
  let isOver = false;
  const running = load.startTogether(clients, async (client) => {
    while (!isOver) {
      try {
        await run(client);
        counts.ok += 1;
      } catch (error) {
        const outcome = outcomeOf(error);
        counts[outcome === 'unknown' || outcome === 'timeout' ? 'unknown' : 'failed'] += 1;
        await delay(PAUSE_MS);
      }
    }
  });
  running.catch(() => {});
  return {
    counts,
    async stop() {
      isOver = true;
      await running;
    },
  };
}
