import { checkRange } from '@chaos/spec';

/** A meeting point of a fixed number of tasks, for one use. */
export interface Barrier {
  /**
   * Waits until all are there; then all go on in the same turn of the event loop. Rejects for everyone with the
   * signal's reason when one of them is aborted while it waits, for the meeting can no longer happen. Throws
   * `RangeError` for one too many.
   */
  arrive(signal?: AbortSignal): Promise<void>;
  /** Milliseconds between the first and the last to go on; `undefined` until all did. */
  skewMs(): number | undefined;
}

/** A barrier for `parties` tasks. Throws `RangeError` unless that is an integer of at least 1. */
export function barrier(parties: number): Barrier {
  checkRange('parties', parties, { least: 1, whole: true });
  const goneMs: number[] = [];
  let arrived = 0;
  let open = (): void => {};
  let fail = (_reason: unknown): void => {};
  const gate = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  gate.catch(() => {});
  return {
    async arrive(signal) {
      if (arrived === parties)
        throw new RangeError(`Cannot wait at the barrier: all ${parties} parties have arrived already`);
      arrived++;
      const onAbort = (): void => fail(signal?.reason);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
      if (arrived === parties) open();
      try {
        await gate;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
      goneMs.push(performance.now());
    },
    skewMs: () => (goneMs.length < parties ? undefined : (goneMs[parties - 1] as number) - (goneMs[0] as number)),
  };
}
