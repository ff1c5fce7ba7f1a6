import type { Chunk, Stage, Wire } from './toxic.js';

/** How a {@link DelayLine} lets go of what it holds. */
export interface Pace {
  /** How many of the bytes left in the chunk at the head go next, at least 1. Default: all. */
  bytes?(left: number): number;
  /**
   * When they may go, given when the chunk arrived and when what was before it went; `bytes` is 0 for an end or a loss.
   * May be `Infinity`.
   */
  dueMs(bytes: number, arrivedMs: number, lastDueMs: number): number;
}

interface Held {
  readonly what: Chunk | 'end' | 'abort';
  readonly arrivedMs: number;
}

/** Holds a stream and lets it go piece by piece, in order: what every toxic that only takes time is made of. */
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

  /** Plans the head, and everything after it that is due already. */
  #schedule(): void {
    for (let head = this.#held[this.#next]; head !== undefined; head = this.#held[this.#next]) {
      const left = typeof head.what === 'object' ? head.what.data.length - this.#offset : 0;
      this.#bytes =
        left === 0 || this.#pace.bytes === undefined || this.#wire.datagrams
          ? left
          : Math.min(left, Math.max(1, this.#pace.bytes(left)));
      // Never before the one ahead of it: a stream is not reordered.
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
