import type { LoadTimeline } from '@chaos/spec';

const FIRST_INTERVAL_MS = 50;
const MOST_INTERVALS = 60;

/** Counts operations over time in constant memory: when all intervals are used, each two become one. */
export class Timeline {
  #intervalMs = FIRST_INTERVAL_MS;
  #ok: number[] = [];
  #failed: number[] = [];

  /** An operation that ended so long after the first start. */
  add(atMs: number, ok: boolean): void {
    while (Math.floor(atMs / this.#intervalMs) >= MOST_INTERVALS) this.#double();
    const index = Math.floor(Math.max(0, atMs) / this.#intervalMs);
    while (this.#ok.length <= index) {
      this.#ok.push(0);
      this.#failed.push(0);
    }
    const series = ok ? this.#ok : this.#failed;
    series[index] = (series[index] ?? 0) + 1;
  }

  read(): LoadTimeline {
    return { intervalMs: this.#intervalMs, ok: [...this.#ok], failed: [...this.#failed] };
  }

  #double(): void {
    this.#intervalMs *= 2;
    this.#ok = pairs(this.#ok);
    this.#failed = pairs(this.#failed);
  }
}

function pairs(series: readonly number[]): number[] {
  return Array.from(
    { length: Math.ceil(series.length / 2) },
    (_, index) => (series[index * 2] ?? 0) + (series[index * 2 + 1] ?? 0),
  );
}
