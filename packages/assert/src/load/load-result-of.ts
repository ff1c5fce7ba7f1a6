import { inspect } from 'node:util';
import type { LoadResult } from '@chaos/spec';

/** `received` as a {@link LoadResult}; throws `TypeError` when it is not one. */
export function loadResultOf(matcher: string, received: unknown): LoadResult {
  const { operations, counts, latency } = (received ?? {}) as Partial<LoadResult>;
  if (typeof operations !== 'number' || typeof counts !== 'object' || typeof latency !== 'object') {
    throw new TypeError(
      `${matcher}() needs a load result, as load.closed() returns it: ` +
        `current value is ${inspect(received, { depth: 0 })}`,
    );
  }
  return received as LoadResult;
}
