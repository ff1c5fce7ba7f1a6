import { barrier } from './barrier.js';

/** Result of {@link startTogether}. */
export interface StartedTogether<T> {
  /** In the order of the index. */
  readonly results: readonly PromiseSettledResult<T>[];
  /** Milliseconds between the first and the last start. */
  readonly skewMs: number;
}

/**
 * Starts `count` tasks in the same turn of the event loop and waits for all of them, failed ones too. `signal` is
 * handed to them; before the start it makes it reject. Throws `RangeError` for a count that is no integer of at least
 * 1.
 */
export async function startTogether<T>(
  count: number,
  task: (index: number, signal: AbortSignal) => Promise<T>,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
): Promise<StartedTogether<T>> {
  signal.throwIfAborted();
  const meeting = barrier(count);
  const results = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => {
      await meeting.arrive(signal);
      return task(index, signal);
    }),
  );
  return { results, skewMs: meeting.skewMs() ?? 0 };
}
