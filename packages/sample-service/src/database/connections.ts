import type { Budget } from '../budget.js';

/** Runs one statement and returns its rows. */
export interface Queries {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection to PostgreSQL, lent to one unit of work. The borrower must give it back in one of two ways. */
export interface Connection extends Queries {
  /** Runs one statement and returns its command tag: `COMMIT`, `ROLLBACK`. */
  command(text: string): Promise<string>;
  /** Returns it to the pool: its state is clean. */
  release(): void;
  /** Closes it, because its state is unknown. */
  destroy(): void;
}

/** Counts of connections, and of requests that wait for one. */
export interface PoolUse {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Source of connections. */
export interface Connections {
  /**
   * Lends a connection; every statement takes its time-out from the budget.
   * @throws ServiceError `OVERLOADED` when too many requests wait already, `UNAVAILABLE` when no connection is free in
   * time.
   */
  acquire(budget: Budget): Promise<Connection>;
  use(): PoolUse;
  close(): Promise<void>;
}
