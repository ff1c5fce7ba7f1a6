import type { Fault } from '@chaos/spec';
import type { OpenTransaction } from './open-transactions.js';

/** Which sessions {@link PostgresServer.terminateBackends} ends; those that match all that is given. */
export interface BackendFilter {
  readonly applicationName?: string;
  readonly state?: 'active' | 'idle' | 'idle in transaction' | 'idle in transaction (aborted)';
}

/** How PostgreSQL is shut down: `fast` rolls back and checkpoints, `immediate` is a crash with recovery after it. */
export type ShutdownMode = 'fast' | 'immediate';

/** A PostgreSQL with a database of ours in it. Disposing leaves nothing behind; twice is harmless. */
export interface PostgresServer extends AsyncDisposable {
  /** Our database; on a server of our own it is `app`, and the user a superuser. */
  readonly url: string;
  /** A maintenance database of the same server. */
  readonly adminUrl: string;
  /** True where the server is not ours: then faults that need its process throw `FAULT_REFUSED`. */
  readonly external: boolean;
  /** The postmaster, `undefined` while it is down or not ours. */
  readonly pid: number | undefined;
  /** Resolves when it answers a query; rejects when it does not. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers all rows and sequences of our database. */
  snapshot(signal: AbortSignal): Promise<void>;
  /**
   * Back to the snapshot: ends open transactions of others (idle connections live on), restores what differs, drops
   * what is new. Proven by number and content hash of the rows of each table; throws `ChaosError` code `RESET_FAILED`
   * when it cannot be reached.
   */
  reset(signal: AbortSignal): Promise<void>;
  /** Transactions of our database that somebody keeps open. */
  openTransactions(signal: AbortSignal): Promise<readonly OpenTransaction[]>;
  /** The last lines of the server's log; empty where it is not ours. */
  logTail(lines?: number): string;
  /** SIGKILL to the server, all of it; healing starts it again on the same port, with crash recovery. */
  kill(): Fault;
  /** SIGSTOP to postmaster and all backends: connections hang; healing sends SIGCONT. */
  stop(): Fault;
  /** Injecting shuts it down, healing starts it again. */
  restart(mode: ShutdownMode): Fault;
  /** Ends sessions of our database once, as an administrator or a failover does; healing is a no-op. */
  terminateBackends(filter?: BackendFilter): Fault;
}
