/** The part of a `pg` client that we use, so that any version of it fits. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Back to the pool; `true` or an error closes the connection. */
  release(destroy?: boolean | Error): void;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a `pg` result that we use. */
export interface PostgresResult {
  readonly command: string;
  readonly rows: readonly unknown[];
}

/** The part of a `pg.Pool` that we use. */
export interface PostgresPool {
  /** A session of the pool. */
  connect(): Promise<PostgresClient>;
}

/** SQL's isolation levels; PostgreSQL takes the first for the second. */
export type SqlIsolation = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';
