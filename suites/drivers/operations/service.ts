import type { CallOptions } from './call-options.js';

/** A report of the accounts. */
export interface Report {
  readonly accounts: number;
  readonly busyMs: number;
}

/** Balances, bodies, values and quantities by id. */
export interface SeedData {
  readonly accounts?: Readonly<Record<string, number>>;
  readonly documents?: Readonly<Record<string, string>>;
  readonly counters?: Readonly<Record<string, number>>;
  readonly stock?: Readonly<Record<string, number>>;
}

/** What the service counts of itself. */
export interface Metrics {
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number };
  readonly cache: {
    readonly connected: boolean;
    readonly hits: number;
    readonly misses: number;
    /** Reads of the database. */
    readonly loads: number;
    /** Commands that failed or took too long. */
    readonly failures: number;
  };
  /** Fetches of the issuer's keys. */
  readonly jwks: { readonly fetches: number; readonly failures: number };
  /** Second attempts by their reason. */
  readonly retries: { readonly serialization: number };
  readonly requests: { readonly inProgress: number };
  /** Bytes of its heap, and by how much its event loop was late lately, ms. */
  readonly process: { readonly heapBytes: number; readonly eventLoopLagMs: number };
}

/** Names of the service's tables in PostgreSQL, for tests that look behind its back. */
export interface Tables {
  /** With `id` and `balance`. */
  readonly accounts: string;
  /** With `name` and `value`. */
  readonly counters: string;
  /** With `id`, `body` and `version`. */
  readonly documents: string;
  /** With `item` and `quantity`. */
  readonly stock: string;
  /** With `reference`. */
  readonly bookings: string;
}

/** The service as a whole. */
export interface ServiceOperations {
  /** Keeps the database busy for `ms`; `unavailable` beyond the statement time-out. */
  slowReport(ms: number, options?: CallOptions): Promise<Report>;
  metrics(options?: CallOptions): Promise<Metrics>;
  /** Sets the named entries and leaves all others alone. */
  set(data: SeedData): Promise<void>;
  tables(): Promise<Tables>;
}
