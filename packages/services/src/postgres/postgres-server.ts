import type { Fault } from '@chaos/spec';
import type { ExhaustOptions } from './state/exhaust-connections.js';
import type { OpenTransaction } from './state/open-transactions.js';

/** Selects sessions for {@link PostgresServer.terminateBackends}; a session must match all given fields. */
export interface BackendFilter {
  /** Sessions of this `application_name`. */
  readonly applicationName?: string;
  /** Sessions in this state, as `pg_stat_activity` has it. */
  readonly state?: 'active' | 'idle' | 'idle in transaction' | 'idle in transaction (aborted)';
  /** `target`: sessions that are neither a test's nor the runner's. */
  readonly of?: 'target';
}

/** Kind of shutdown: `fast` rolls back and checkpoints, `immediate` is a crash that needs recovery. */
export type ShutdownMode = 'fast' | 'immediate';

/** A PostgreSQL with our own database in it. Disposing removes everything; a second call does nothing. */
export interface PostgresServer extends AsyncDisposable {
  /** Our database; on our own server it is `app`, and the user is a superuser. */
  readonly url: string;
  /** A maintenance database of the same server. */
  readonly adminUrl: string;
  /** True if the server is external: then faults that need its process throw `FAULT_REFUSED`. */
  readonly external: boolean;
  /** Pid of the postmaster; `undefined` while it is down, or if the server is external. */
  readonly pid: number | undefined;
  /** Resolves when it answers a query; rejects when it does not. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers all rows and sequences of our database. */
  snapshot(signal: AbortSignal): Promise<void>;
  /**
   * Returns to the snapshot: ends other sessions' open transactions (idle connections stay), restores changed data, and
   * drops new objects. Verified by the number and the content hash of each table's rows; throws `ChaosError` code
   * `RESET_FAILED` if that fails.
   */
  reset(signal: AbortSignal): Promise<void>;
  /** Schemas, tables, views and sequences that are new since the snapshot, which a reset drops. */
  created(signal: AbortSignal): Promise<readonly string[]>;
  /** Open transactions of our database. */
  openTransactions(signal: AbortSignal): Promise<readonly OpenTransaction[]>;
  /** The last lines of the server's log; empty for an external server. */
  logTail(lines?: number): string;
  /** SIGKILL to all processes of the server; healing starts it again on the same port, with crash recovery. */
  kill(): Fault;
  /** SIGSTOP to postmaster and all backends: connections hang; healing sends SIGCONT. */
  stop(): Fault;
  /** Injecting shuts it down, healing starts it again. */
  restart(mode: ShutdownMode): Fault;
  /** Takes all sessions that the server still gives, but `leave`: further ones are refused (53300). */
  exhaustConnections(options?: ExhaustOptions): Fault;
  /** Ends sessions of our database once, as an administrator or a failover does; healing is a no-op. */
  terminateBackends(filter?: BackendFilter): Fault;
}
