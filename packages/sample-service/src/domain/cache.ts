/** Cache between a use case and the database. Its failure may cost latency, never correctness. */
export interface Cache<Value> {
  /** The value from the cache, else from `load`, which then fills the cache. */
  read(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** Called after a write, before it is acknowledged. From then on no read returns what was before. Never rejects. */
  invalidate(key: string): Promise<void>;
  counts(): CacheCounts;
}

/** Counters of a cache since the start. */
export interface CacheCounts {
  readonly connected: boolean;
  readonly hits: number;
  readonly misses: number;
  /** Reads that went to the database because the cache could not be used. */
  readonly bypassed: number;
  /** Reads of the database. */
  readonly loads: number;
  /** Commands that failed or took too long. */
  readonly failures: number;
  /** Invalidations that wait for the cache to come back. */
  readonly undelivered: number;
}
