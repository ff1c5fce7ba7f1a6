import type { LoadTimeline, Outcome } from '@chaos/spec';
import { LatencySketch } from './latency-sketch.js';

const FIRST_INTERVAL_MS = 50;
const MOST_INTERVALS = 60;

type Failed = Exclude<Outcome, 'ok'>;

/** Counts operations over time in constant memory: when all intervals are used, each two become one. */
export class Timeline {
  #intervalMs = FIRST_INTERVAL_MS;
  #length = 0;
  readonly #counts = new Map<Outcome, number[]>();
  #sketches: LatencySketch[] = [];

  /**
   * An operation that ended so long after the first start, and took so long; without a latency one that was never
   * begun.
   */
  add(atMs: number, outcome: Outcome, latencyMs?: number): void {
    while (Math.floor(atMs / this.#intervalMs) >= MOST_INTERVALS) this.#double();
    const index = Math.floor(Math.max(0, atMs) / this.#intervalMs);
    this.#length = Math.max(this.#length, index + 1);
    const counts = this.#counts.get(outcome) ?? [];
    counts[index] = (counts[index] ?? 0) + 1;
    this.#counts.set(outcome, counts);
    if (latencyMs !== undefined) (this.#sketches[index] ??= new LatencySketch()).add(latencyMs);
  }

  read(): LoadTimeline {
    const { ok, ...failedBy } = Object.fromEntries(
      [...this.#counts].map(([outcome, counts]) => [outcome, this.#filled(counts)]),
    ) as Partial<Record<Outcome, number[]>>;
    const failed = Object.values(failedBy as Record<Failed, number[]>);
    const at = (ratio: number): (number | null)[] =>
      Array.from({ length: this.#length }, (_, index) => this.#sketches[index]?.quantile(ratio) ?? null);
    return {
      intervalMs: this.#intervalMs,
      ok: ok ?? this.#filled([]),
      failed: this.#filled([]).map((_, index) => failed.reduce((sum, counts) => sum + (counts[index] ?? 0), 0)),
      failedBy,
      latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    };
  }

  // Intervals in which nothing ended are holes.
  #filled(counts: readonly number[]): number[] {
    return Array.from({ length: this.#length }, (_, index) => counts[index] ?? 0);
  }

  #double(): void {
    this.#intervalMs *= 2;
    this.#length = Math.ceil(this.#length / 2);
    for (const [outcome, counts] of this.#counts)
      this.#counts.set(
        outcome,
        pairs(counts, this.#length, (one = 0, other = 0) => one + other),
      );
    this.#sketches = pairs(this.#sketches, this.#length, (one, other) => {
      if (one !== undefined && other !== undefined) one.merge(other);
      return one ?? other ?? new LatencySketch();
    });
  }
}

function pairs<T>(items: readonly T[], length: number, join: (one: T | undefined, other: T | undefined) => T): T[] {
  return Array.from({ length }, (_, index) => join(items[index * 2], items[index * 2 + 1]));
}
