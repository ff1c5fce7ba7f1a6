import type { Document } from './document.js';

/** Cache between the documents and the database. Its failure may cost latency, never correctness. */
export interface DocumentCache {
  /** The document from the cache, else from `load`, which then fills the cache. Not-found is not cached. */
  read(id: string, load: () => Promise<Document | undefined>): Promise<Document | undefined>;
  /** Called after a write, before it is acknowledged. From then on no read returns what was before. Never rejects. */
  invalidate(id: string): Promise<void>;
  counts(): CacheCounts;
  close(): void;
}

/** Counters of the cache since the start. */
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
