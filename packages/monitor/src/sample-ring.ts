/** Figures of a row, in order; NaN = the machine does not report it. */
export const COLUMNS = [
  'scope',
  'timeMs',
  'cpus',
  'memoryBytes',
  'descriptors',
  'sockets',
  'processes',
  'runQueueWait',
  'eventLoopDelayMs',
  'gcMs',
  'othersCpus',
  'stealRatio',
  'throttledRatio',
  'pressureCpu',
  'pressureMemory',
  'pressureIo',
  'memoryRatio',
] as const;

/** A column of {@link COLUMNS}. */
export type Column = (typeof COLUMNS)[number];

/** One row; missing figures are NaN in the ring. */
export type Row = { readonly [K in Column]?: number | undefined } & { readonly scope: number; readonly timeMs: number };

const WIDTH = COLUMNS.length;
/** Most scopes that can be distinguished at a time. */
export const SCOPES = 1024;

/** Memory of a {@link SampleRing}: constant in size, shared between threads. */
export interface RingMemory {
  readonly rows: SharedArrayBuffer;
  /** Number of rows written, and a flag that the reader was notified but has not fetched the rows yet. */
  readonly state: SharedArrayBuffer;
  /** Event loop delay and GC time by scope, as reported since the last sample. */
  readonly loops: SharedArrayBuffer;
}

/** Memory for `capacity` rows. */
export function allocateRing(capacity: number): RingMemory {
  const loops = new SharedArrayBuffer(SCOPES * 2 * 8);
  new Float64Array(loops).fill(Number.NaN);
  const state = new SharedArrayBuffer(8);
  // No reader wants notifications yet.
  Atomics.store(new Int32Array(state), 1, 1);
  return { rows: new SharedArrayBuffer(capacity * WIDTH * 8), state, loops };
}

/** The newest samples: one thread writes; another reads, even if its event loop was blocked meanwhile. */
export class SampleRing {
  readonly capacity: number;
  readonly #rows: Float64Array;
  readonly #state: Int32Array;
  readonly #loops: Float64Array;

  constructor(memory: RingMemory) {
    this.#rows = new Float64Array(memory.rows);
    this.#state = new Int32Array(memory.state);
    this.#loops = new Float64Array(memory.loops);
    this.capacity = this.#rows.length / WIDTH;
  }

  /** Number of rows written since the start. */
  get written(): number {
    return Atomics.load(this.#state, 0);
  }

  write(row: Row): void {
    const index = this.written;
    const offset = (index % this.capacity) * WIDTH;
    for (let column = 0; column < WIDTH; column += 1) this.#rows[offset + column] = row[COLUMNS[column]!] ?? Number.NaN;
    Atomics.store(this.#state, 0, index + 1);
  }

  /** The row with this number; undefined once it is overwritten. */
  row(index: number): Row | undefined {
    const offset = (index % this.capacity) * WIDTH;
    const row = Object.fromEntries(
      COLUMNS.flatMap((column, at) =>
        Number.isNaN(this.#rows[offset + at]!) ? [] : [[column, this.#rows[offset + at]!]],
      ),
    );
    return index < 0 || index <= this.written - this.capacity ? undefined : (row as Row);
  }

  scope(index: number): number {
    return this.#rows[(index % this.capacity) * WIDTH]!;
  }

  timeMs(index: number): number {
    return this.#rows[(index % this.capacity) * WIDTH + 1]!;
  }

  /** True once after each {@link acknowledge}: the reader must be notified then. */
  announce(): boolean {
    return Atomics.exchange(this.#state, 1, 1) === 0;
  }

  acknowledge(): void {
    Atomics.store(this.#state, 1, 0);
  }

  reportLoop(scope: number, delayMs: number, gcMs: number): void {
    const [delay = Number.NaN, gc = Number.NaN] = this.#loops.subarray(scope * 2, scope * 2 + 2);
    this.#loops[scope * 2] = Number.isNaN(delay) ? delayMs : Math.max(delay, delayMs);
    this.#loops[scope * 2 + 1] = Number.isNaN(gc) ? gcMs : gc + gcMs;
  }

  /** Takes the values reported since the last call. */
  takeLoop(scope: number): { readonly eventLoopDelayMs: number; readonly gcMs: number } {
    const [eventLoopDelayMs = Number.NaN, gcMs = Number.NaN] = this.#loops.subarray(scope * 2, scope * 2 + 2);
    this.#loops.fill(Number.NaN, scope * 2, scope * 2 + 2);
    return { eventLoopDelayMs, gcMs };
  }
}
