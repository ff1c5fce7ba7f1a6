/** Each bucket ends this much above its start: what is read from it is off by 5 % at most. */
const GROWTH = 1.1;
const LOWEST_MS = 0.01;
const BUCKET = Math.log(GROWTH);

/** A distribution of latencies in some hundred counts; two of them can be merged. */
export class LatencySketch {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** Adds a latency in milliseconds. */
  add(latencyMs: number): void {
    const bucket = latencyMs <= LOWEST_MS ? 0 : Math.ceil(Math.log(latencyMs / LOWEST_MS) / BUCKET);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
  }

  merge(other: LatencySketch): void {
    for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += other.#total;
  }

  /** Milliseconds that this share of the operations took at most; `undefined` if there were none. */
  quantile(ratio: number): number | undefined {
    let left = Math.max(1, Math.ceil(this.#total * ratio));
    for (const bucket of [...this.#counts.keys()].sort((one, other) => one - other)) {
      left -= this.#counts.get(bucket) ?? 0;
      // The middle of the bucket, as its logarithm has it.
      if (left <= 0) return Number((LOWEST_MS * GROWTH ** (bucket - 0.5)).toPrecision(3));
    }
    return undefined;
  }
}
