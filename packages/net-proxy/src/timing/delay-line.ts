import type { Chunk, Stage, Wire } from '../toxic.js';

/** Pacing rule: decides how fast a {@link DelayLine} releases the bytes that it holds. */
export interface Pace {
  /** Number of bytes to release next, at least 1, out of those left in the first chunk. Default: all. */
  bytes?(left: number): number;
  /**
   * Time at which they may be released, from the arrival time of the chunk and the release time of the data before it;
   * `bytes` is 0 for an end or a loss. May be `Infinity`.
   */
  dueMs(bytes: number, arrivedMs: number, lastDueMs: number): number;
}

interface Held {
  readonly what: Chunk | 'end' | 'abort';
  readonly arrivedMs: number;
}

/** Holds a stream and releases it piece by piece, in order. All toxics that only delay are built on it. */
export class DelayLine implements Stage {
  readonly #wire: Wire;
  readonly #pace: Pace;
  #held: Held[] = [];
  #next = 0;
  #offset = 0;
  #bytes = 0;
  #lastDueMs = 0;
  #dueMs = 0;
  #cancel: (() => void) | undefined;

  constructor(wire: Wire, pace: Pace) {
    this.#wire = wire;
    this.#pace = pace;
  }

  chunk(chunk: Chunk): void {
    this.#hold({ what: chunk, arrivedMs: chunk.arrivedMs });
  }

  end(): void {
    this.#hold({ what: 'end', arrivedMs: performance.now() });
  }

  abort(): void {
    this.#hold({ what: 'abort', arrivedMs: performance.now() });
  }

  flush(): void {
    this.#cancel?.();
    this.#dueMs = Math.min(this.#dueMs, performance.now());
    for (let head = this.#held[this.#next]; head !== undefined; head = this.#held[this.#next]) {
      if (typeof head.what === 'object') this.#bytes = head.what.data.length - this.#offset;
      this.#release(head);
    }
    this.discard();
  }

  discard(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held = [];
    this.#next = this.#offset = 0;
  }

  #hold(held: Held): void {
    this.#held.push(held);
    if (this.#held.length - this.#next === 1) this.#schedule();
  }

  /** Schedules the first piece, and releases everything that is already due. */
  #schedule(): void {
    for (let head = this.#held[this.#next]; head !== undefined; head = this.#held[this.#next]) {
      const left = typeof head.what === 'object' ? head.what.data.length - this.#offset : 0;
      this.#bytes =
        left === 0 || this.#pace.bytes === undefined || this.#wire.datagrams
          ? left
          : Math.min(left, Math.max(1, this.#pace.bytes(left)));
      // Never earlier than the data ahead of it: a stream is not reordered.
      this.#dueMs = Math.max(this.#lastDueMs, this.#pace.dueMs(this.#bytes, head.arrivedMs, this.#lastDueMs));
      if (this.#dueMs > performance.now()) {
        this.#cancel = this.#wire.at(this.#dueMs, () => {
          this.#cancel = undefined;
          this.#release(this.#held[this.#next] as Held);
          this.#schedule();
        });
        return;
      }
      this.#release(head);
    }
    this.#held = [];
    this.#next = 0;
  }

  #release({ what }: Held): void {
    this.#lastDueMs = this.#dueMs;
    if (typeof what === 'object') {
      const from = this.#offset;
      const to = from + this.#bytes;
      const whole = from === 0 && to === what.data.length;
      if (to === what.data.length) this.#drop();
      else this.#offset = to;
      this.#wire.forward({ data: whole ? what.data : what.data.subarray(from, to), arrivedMs: this.#dueMs });
      return;
    }
    this.#drop();
    if (what === 'end') this.#wire.end();
    else this.#wire.abort();
  }

  #drop(): void {
    this.#offset = 0;
    this.#next++;
    if (this.#next < 1024) return;
    this.#held = this.#held.slice(this.#next);
    this.#next = 0;
  }
}
