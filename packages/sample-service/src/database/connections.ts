import type { Budget } from '../budget.js';

/** Runs one statement and returns its rows. */
export interface Queries {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection to PostgreSQL, lent to one piece of work. Has to be given back, one way or the other. */
export interface Connection extends Queries {
  /** Runs one statement and returns its command tag: `COMMIT`, `ROLLBACK`. */
  command(text: string): Promise<string>;
  /** It is as good as new: the next one may have it. */
  release(): void;
  /** Its state is not known: it is closed. */
  destroy(): void;
}

/** How many connections there are, and how many requests wait for one. */
export interface PoolUse {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Where connections come from. */
export interface Connections {
  /**
   * The time-out of every statement is taken from the budget.
   * @throws ServiceError `OVERLOADED` when too many wait already, `UNAVAILABLE` when there is none to be had in time.
   */
  acquire(budget: Budget): Promise<Connection>;
  use(): PoolUse;
  close(): Promise<void>;
}
