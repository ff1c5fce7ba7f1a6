import type { CallOptions } from './call-options.js';

/** A room from a first to a last day, both included. */
export interface Reservation {
  readonly room: string;
  readonly first: number;
  readonly last: number;
}

/** Moment at which a job had its lock, ms since the Unix epoch by the database's clock. */
export interface JobRun {
  readonly startMs: number;
  readonly endMs: number;
}

/** Use cases that need whole ranges, locks, or much CPU time. */
export interface PlanningOperations {
  /** Who of a team is on duty. */
  onDuty(team: string, options?: CallOptions): Promise<readonly string[]>;
  join(team: string, person: string, options?: CallOptions): Promise<unknown>;
  /** Ends a duty; `rejected` for the last one of a team. */
  leave(team: string, person: string, options?: CallOptions): Promise<unknown>;
  reservations(room: string, options?: CallOptions): Promise<readonly Reservation[]>;
  /** `rejected` where another reservation has one of the days. */
  reserve(room: string, first: number, last: number, options?: CallOptions): Promise<unknown>;
  /** Runs a job for `ms` under a lock of the database; `rejected` while it runs already. */
  runJob(job: string, ms: number, options?: CallOptions): Promise<JobRun>;
  jobRuns(job: string, options?: CallOptions): Promise<readonly JobRun[]>;
  /** Works for `ms` under a lease in Redis, then stores; `rejected` when a later holder has stored already. */
  settle(name: string, ms: number, options?: CallOptions): Promise<{ readonly fence: number }>;
  /**
   * Where settlements are stored (with `name` and `fence`), what draws their numbers, and the lease of one in Redis.
   */
  settlementTable(name: string): Promise<{ readonly table: string; readonly sequence: string; readonly lease: string }>;
  /** Digests of texts (SHA-256 and `rounds` times more), in hex, computed beside all other requests. */
  digests(
    texts: readonly string[],
    rounds: number,
    options?: CallOptions,
  ): Promise<{ readonly digests: readonly string[]; readonly hits: number }>;
  /** Several transfers in one transaction, without those that are refused. */
  transferAll(
    orders: readonly { readonly from: string; readonly to: string; readonly amount: number }[],
    options?: CallOptions,
  ): Promise<readonly { readonly made: boolean; readonly code?: string }[]>;
  /** A GraphQL request; `rejected` for one that asks for too much. */
  graphql(query: string, options?: CallOptions): Promise<unknown>;
  /** Environment variables that give the service these limits when it is started. */
  limits(limits: { readonly requests?: number }): Promise<Readonly<Record<string, string>>>;
}
