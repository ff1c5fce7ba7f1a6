import { delayLaw, type Distribution } from '../timing/delay-law.js';
import { DelayLine } from '../timing/delay-line.js';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link latency}. */
export interface LatencyAttributes {
  readonly latencyMs: number;
  /** Drawn per chunk. `uniform`: ± this; other distributions: one standard deviation. Default 0. */
  readonly jitterMs?: number;
  /** Default `uniform`. */
  readonly distribution?: Distribution;
}

/**
 * Delays bytes, ends and resets, each from its own arrival: delays do not add up over a stream, and the rate does not
 * change. Order is kept, and a delay is never below 0. Removal releases everything at once. Throws `RangeError` for
 * values outside 0 to a day.
 */
export function latency({ latencyMs, ...rest }: LatencyAttributes): Toxic {
  const draw = delayLaw('latencyMs', { delayMs: latencyMs, ...rest });
  return {
    type: 'latency',
    attach: (wire) => new DelayLine(wire, { dueMs: (_, arrivedMs) => arrivedMs + draw(wire.random) }),
  };
}
