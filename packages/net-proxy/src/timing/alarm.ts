/** A call that is due. */
interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly ring: () => void;
  /** Index in the heap; -1 once it has been removed. */
  index: number;
}

/**
 * Calls back at a point on the clock of `performance.now()`, never before it and as soon after it as the event loop
 * allows. Timers count whole milliseconds, and fire up to one early: the last part of the wait is spent turning the
 * event loop, which keeps serving sockets.
 */
export class Alarm {
  readonly #heap: Entry[] = [];
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #ringing = false;

  /**
   * Returns a function that cancels the call. A time that never comes (`Infinity`) is fine; calls due at the same time
   * run in the order in which they were requested.
   */
  at(dueMs: number, ring: () => void): () => void {
    if (dueMs === Infinity) return () => {};
    const entry: Entry = { dueMs, order: this.#count++, ring, index: this.#heap.length };
    this.#heap.push(entry);
    this.#up(entry);
    if (entry.index === 0) this.#arm();
    return () => {
      if (entry.index < 0) return;
      const first = entry.index === 0;
      this.#take(entry);
      if (first) this.#arm();
    };
  }

  #arm(): void {
    if (this.#ringing) return;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = this.#turn = undefined;
    const first = this.#heap[0];
    if (first === undefined) return;
    const wholeMs = Math.floor(first.dueMs - performance.now());
    if (wholeMs >= 1) this.#timer = setTimeout(this.#ring, Math.min(wholeMs, 0x7fffffff));
    else this.#turn = setImmediate(this.#ring);
  }

  readonly #ring = (): void => {
    this.#ringing = true;
    try {
      for (let first = this.#heap[0]; first !== undefined && first.dueMs <= performance.now(); first = this.#heap[0]) {
        this.#take(first);
        first.ring();
      }
    } finally {
      this.#ringing = false;
      this.#arm();
    }
  };

  #take(entry: Entry): void {
    const last = this.#heap.pop() as Entry;
    if (last !== entry) {
      last.index = entry.index;
      this.#heap[last.index] = last;
      this.#up(last);
      this.#down(last);
    }
    entry.index = -1;
  }

  #up(entry: Entry): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1] as Entry;
      if (before(parent, entry)) return;
      this.#swap(parent, entry);
    }
  }

  #down(entry: Entry): void {
    for (;;) {
      const left = this.#heap[entry.index * 2 + 1];
      const right = this.#heap[entry.index * 2 + 2];
      const child = right !== undefined && before(right, left as Entry) ? right : left;
      if (child === undefined || before(entry, child)) return;
      this.#swap(entry, child);
    }
  }

  #swap(above: Entry, below: Entry): void {
    const index = above.index;
    above.index = below.index;
    below.index = index;
    this.#heap[above.index] = above;
    this.#heap[below.index] = below;
  }
}

const before = (one: Entry, other: Entry): boolean =>
  one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
