/** What is used of a client of `pg`, so that any version of it fits. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Back to the pool; `true` or an error closes the connection. */
  release(destroy?: boolean | Error): void;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of a result of `pg`. */
export interface PostgresResult {
  readonly command: string;
  readonly rows: readonly unknown[];
}

/** What is used of a `pg.Pool`. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
}

/** SQL's isolation levels; PostgreSQL takes the first for the second. */
export type SqlIsolation = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';
