import { OperationError, isChaosError } from '@chaos/spec';
import { isBug } from './is-bug.js';
import { classifyCommit, classifyPostgres } from './classify-postgres.js';
import type { SqlIsolation, PostgresClient, PostgresPool, PostgresResult } from './postgres-client.js';

/** Runs one statement of a transaction. */
export type PostgresQuery = (text: string, values?: unknown[]) => Promise<PostgresResult>;

/** Options of {@link postgresTransaction}. */
export interface PostgresTransactionOptions {
  /** Default: the server's. */
  readonly isolation?: SqlIsolation;
}

/**
 * A transaction that says how it ended: resolves to what `body` returned when it was committed; rejects with an
 * `OperationError` whose outcome is `rejected` (the server rolled it back), `unavailable` (COMMIT was never sent) or
 * `unknown` (it was, and nobody can tell). A recorder's `run` takes these for `fail`, `fail` and `info`.
 */
export async function postgresTransaction<T>(
  pool: PostgresPool,
  body: (query: PostgresQuery) => Promise<T>,
  { isolation }: PostgresTransactionOptions = {},
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw failure(error, false);
  });
  // While it is lent out nobody else listens: without this the loss of an idle connection would end the process.
  const onError = (): void => {};
  client.on?.('error', onError);
  let commitSent = false;
  let lost = false;
  const query: PostgresQuery = async (text, values) => {
    try {
      return await client.query(text, values);
    } catch (error) {
      // Any error that the server did not send itself leaves the connection in the middle of something.
      lost ||= !isSqlError(error);
      throw error;
    }
  };
  try {
    await query(isolation === undefined ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await body(query);
    commitSent = true;
    const answer = await query('COMMIT');
    if (classifyCommit(answer) === 'fail')
      throw new OperationError('rejected', 'COMMIT was answered with ROLLBACK: a statement before it had failed', {
        data: { command: answer.command },
      });
    return result;
  } catch (error) {
    if (!lost) lost = !(await rolledBack(client));
    throw isChaosError(error) || isBug(error) ? error : failure(error, commitSent);
  } finally {
    client.off?.('error', onError);
    client.release(lost);
  }
}

function rolledBack(client: PostgresClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

function failure(error: unknown, commitSent: boolean): OperationError {
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown };
  const outcome =
    classifyPostgres(error, { commitSent }) === 'info' ? 'unknown' : isSqlError(error) ? 'rejected' : 'unavailable';
  return new OperationError(outcome, typeof code === 'string' ? `${code} ${String(message)}` : String(message), {
    cause: error,
    data: { code, commitSent },
  });
}

function isSqlError(error: unknown): boolean {
  return typeof (error as { readonly severity?: unknown } | null)?.severity === 'string';
}
