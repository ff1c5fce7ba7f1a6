import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { activeFault, ChaosError, type Fault } from '@chaos/spec';

/** The clock of a Redis of ours, which can be moved while the server runs once that was started for it. */
export interface RedisClock {
  /** Variables that the next start needs; none while the clock is that of the machine. */
  env(): Readonly<Record<string, string>>;
  /** From the next start on the clock can be moved; `library`: libfaketime. */
  loosen(library: string): Promise<void>;
  /** From the next start on the clock is that of the machine again. False if it was. */
  fix(): boolean;
  /** Moves the clock by so many ms; healing moves it back. */
  offset(offsetMs: number): Fault;
}

/** @param folder The server's own, for a file that libfaketime reads at every look at the clock. */
export function createRedisClock(folder: string): RedisClock {
  const file = join(folder, 'clock-offset');
  let library: string | undefined;
  const set = async (offsetMs: number): Promise<void> => {
    // The server may read it at any moment: it never finds half of it.
    await writeFile(`${file}.next`, `${offsetMs < 0 ? '' : '+'}${offsetMs / 1000}\n`, { mode: 0o644 });
    await rename(`${file}.next`, file);
  };
  return {
    env: () =>
      library === undefined
        ? {}
        : {
            // The C library's malloc() comes before that of jemalloc, which asks libfaketime for the time too early.
            LD_PRELOAD: `${library}:libc.so.6`,
            FAKETIME_TIMESTAMP_FILE: file,
            FAKETIME_NO_CACHE: '1',
            FAKETIME_DONT_FAKE_MONOTONIC: '1',
            DONT_FAKE_MONOTONIC: '1',
          },
    async loosen(found) {
      await set(0);
      library = found;
    },
    fix() {
      const wasLoose = library !== undefined;
      library = undefined;
      return wasLoose;
    },
    offset: (offsetMs) => ({
      name: `redis clock ${offsetMs < 0 ? '' : '+'}${offsetMs} ms`,
      async inject(signal) {
        signal.throwIfAborted();
        if (library === undefined)
          throw new ChaosError('FAULT_REFUSED', 'Cannot move the clock of Redis: it was not started for that', {
            hint: 'Call redis.movableClock() first; its result has the fault.',
          });
        await set(offsetMs);
        return activeFault(() => set(0));
      },
    }),
  };
}
