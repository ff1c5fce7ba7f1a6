import { checkMilliseconds } from '../check-milliseconds.js';
import type { Chunk, Stage, Toxic, Wire } from '../toxic.js';

/** Attributes of {@link latency}. */
export interface LatencyAttributes {
  readonly latencyMs: number;
  /** Uniform, ± this, drawn per chunk. Default 0. */
  readonly jitterMs?: number;
}

/**
 * Delays bytes, ends and resets, each counted from its own arrival: a delay does not add up over a stream, and the rate stays
 * what it was. The order is kept, and a delay is never below 0. Removal lets everything go at once. Throws `RangeError`
 * for values outside 0 to a day.
 */
export function latency(attributes: LatencyAttributes): Toxic {
  const { latencyMs, jitterMs } = { jitterMs: 0, ...attributes };
  checkMilliseconds('latencyMs', latencyMs);
  checkMilliseconds('jitterMs', jitterMs);
  return { type: 'latency', attach: (wire) => new LatencyStage(wire, latencyMs, jitterMs) };
}

interface Held {
  readonly dueMs: number;
  readonly what: Chunk | 'end' | 'abort';
}

class LatencyStage implements Stage {
  readonly #wire: Wire;
  readonly #latencyMs: number;
  readonly #jitterMs: number;
  #held: Held[] = [];
  #next = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(wire: Wire, latencyMs: number, jitterMs: number) {
    this.#wire = wire;
    this.#latencyMs = latencyMs;
    this.#jitterMs = jitterMs;
  }

  chunk(chunk: Chunk): void {
    this.#hold(chunk, chunk.arrivedMs);
  }

  end(): void {
    this.#hold('end', performance.now());
  }

  abort(): void {
    this.#hold('abort', performance.now());
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#next < this.#held.length) this.#release();
    this.#forget();
  }

  discard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget();
  }

  #hold(what: Held['what'], arrivedMs: number): void {
    const delayMs = this.#latencyMs + (this.#jitterMs === 0 ? 0 : (this.#wire.random.next() * 2 - 1) * this.#jitterMs);
    // Never before the one ahead of it: jitter must not reorder a stream.
    this.#lastDueMs = Math.max(this.#lastDueMs, arrivedMs + Math.max(0, delayMs));
    this.#held.push({ dueMs: this.#lastDueMs, what });
    if (this.#timer === undefined) this.#releaseDue();
  }

  #releaseDue(): void {
    const nowMs = performance.now();
    for (let first = this.#held[this.#next]; first !== undefined && first.dueMs <= nowMs; first = this.#held[this.#next]) this.#release();
    const waiting = this.#held[this.#next];
    if (waiting === undefined) return this.#forget();
    // Timers count whole milliseconds: rounded up, so that a delay is never cut short.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#releaseDue();
    }, Math.ceil(waiting.dueMs - nowMs));
  }

  #release(): void {
    const { dueMs, what } = this.#held[this.#next++] as Held;
    if (what === 'end') this.#wire.end();
    else if (what === 'abort') this.#wire.abort();
    else this.#wire.forward({ data: what.data, arrivedMs: dueMs });
    if (this.#next >= 1024) {
      this.#held = this.#held.slice(this.#next);
      this.#next = 0;
    }
  }

  #forget(): void {
    this.#held = [];
    this.#next = 0;
  }
}
