import { InvariantViolation, UsageError, type DriverContext } from '@chaos/spec';
import { clientTimeMs } from '../driver/client-time.js';
import { query } from './query.js';

/** Options of {@link sql}: for all its operations. */
export interface SqlOptions {
  /** Name of the service in the configuration. Default `postgres`. */
  readonly service?: string;
  /** Time for a statement and its session, ms. Default: 1.5 × `timeout_ms`, longer where the machine is busy. */
  readonly timeoutMs?: number;
}

/** Options of one operation. */
export interface StatementOptions<Args extends readonly unknown[], Answer> {
  /** Values of `$1`, `$2`, and so on. Default: the arguments as they are. */
  readonly parameters?: (...args: Args) => readonly unknown[];
  /** SQLSTATEs by which the database decides against it: `['23505']`. Default: none. */
  readonly rejected?: readonly string[];
  /** True for a right answer; it sees what the operation was called with. Default: any answer is right. */
  readonly right?: (answer: Answer, ...args: Args) => boolean;
}

/** An operation that is a statement. */
export type SqlOperation<Args extends readonly unknown[], Answer> = (
  context: DriverContext,
  ...args: Args
) => Promise<Answer>;

/** Makes operations of a driver from SQL. */
export interface Sql {
  /** Resolves with all rows. */
  readonly rows: <Row extends object = Record<string, unknown>, Args extends readonly unknown[] = []>(
    statement: string,
    options?: StatementOptions<Args, readonly Row[]>,
  ) => SqlOperation<Args, readonly Row[]>;
  /** Resolves with the only column of the only row. */
  readonly value: <Answer = unknown, Args extends readonly unknown[] = []>(
    statement: string,
    options?: StatementOptions<Args, Answer>,
  ) => SqlOperation<Args, Answer>;
  /** Resolves with the number of rows that were changed. */
  readonly run: <Args extends readonly unknown[] = []>(
    statement: string,
    options?: StatementOptions<Args, number>,
  ) => SqlOperation<Args, number>;
}

/**
 * Operations in SQL, each in a line, for a program without an interface of its own: a worker that finds its jobs in a
 * table. They speak to the program's PostgreSQL directly, around the links that tests break. What they throw says what
 * happened to the statement:
 *
 * - a SQLSTATE in `rejected`: `OperationError` with outcome `rejected`;
 * - a refused connection, any other error of the database: `unavailable`, for the statement was rolled back;
 * - no answer in time: `timeout`; a session that was lost after sending: `unknown`;
 * - a statement that cannot be run as it is written (SQLSTATE 42…): `UsageError`;
 * - an answer that `right` refuses, or that is not one value: `InvariantViolation`.
 *
 * Nothing is tried again. Each call has a session of its own.
 *
 * @example
 * const db = sql();
 * const operations = {
 *   enqueue: db.run<[id: string]>('INSERT INTO job (id) VALUES ($1)', { rejected: ['23505'] }),
 *   pending: db.value<number>("SELECT count(*)::int FROM job WHERE state = 'new'"),
 * };
 */
export function sql({ service = 'postgres', timeoutMs }: SqlOptions = {}): Sql {
  const make =
    <Answer, Args extends readonly unknown[]>(
      statement: string,
      { parameters, rejected = [], right }: StatementOptions<Args, Answer>,
      read: (result: Awaited<ReturnType<typeof query>>) => Answer,
    ): SqlOperation<Args, Answer> =>
    async (context, ...args) => {
      const { config, signal, urls } = context;
      const url = urls[service];
      if (url === undefined)
        throw new UsageError(`Cannot run ${JSON.stringify(statement)}: the target has no service "${service}"`, {
          hint: `Name it in target.env: {${service}.url}.`,
        });
      const answer = read(
        await query({
          url,
          isExternal: config.services[service]?.url !== undefined,
          statement,
          parameters: parameters?.(...args) ?? args,
          rejected,
          timeoutMs: timeoutMs ?? clientTimeMs(context),
          signal,
        }),
      );
      if (right?.(answer, ...args) === false)
        throw new InvariantViolation(`${statement} answered ${JSON.stringify(answer)}, which is not right`);
      return answer;
    };
  return {
    rows: (statement, options = {}) => make(statement, options, ({ rows }) => rows as never),
    run: (statement, options = {}) => make(statement, options, ({ changed }) => changed),
    value: (statement, options = {}) => make(statement, options, ({ rows }) => onlyValue(rows, statement) as never),
  };
}

function onlyValue(rows: readonly object[], statement: string): unknown {
  const values = rows.map((row) => Object.values(row) as readonly unknown[]);
  if (values.length !== 1 || values[0]?.length !== 1)
    throw new InvariantViolation(
      `${statement} answered ${values.length} rows${values[0] ? ` of ${values[0].length} columns` : ''}, not one value`,
    );
  return values[0][0];
}
