import { OperationError, UsageError } from '@chaos/spec';

/** One statement. */
export interface Query {
  /** Of the database. */
  readonly url: string;
  /** True for a server that is not ours: then the shell may say how it is reached. */
  readonly isExternal: boolean;
  readonly statement: string;
  readonly parameters: readonly unknown[];
  /** SQLSTATEs by which the database decides against it. */
  readonly rejected: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Result of a statement. */
export interface QueryResult {
  readonly rows: readonly object[];
  /** Number of rows that it changed, or returned. */
  readonly changed: number;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
// The server ends the session with these: whether a COMMIT came through is not known.
const LOST = /^(57P0|08)/;
const TIMED_OUT = '57014';
const MISWRITTEN = /^42/;

/** Runs one statement in a session of its own; what it throws is described at `sql()`. */
export async function query({
  url,
  isExternal,
  statement,
  parameters,
  rejected,
  timeoutMs,
  signal,
}: Query): Promise<QueryResult> {
  signal.throwIfAborted();
  const { default: pg } = await import('pg');
  const { ownConnection } = await import('@chaos/services/postgres');
  const client = new pg.Client({
    ...(isExternal ? { connectionString: url } : ownConnection(url)),
    application_name: 'chaos-test',
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
  });
  // The query reports the loss of its session.
  client.on('error', () => {});
  const stop = (): void => void client.end().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  let isSent = false;
  try {
    await client.connect();
    isSent = true;
    const { rows, rowCount } = await client.query<object>(statement, [...parameters]);
    return { rows, changed: rowCount ?? 0 };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw failure(error, { statement, rejected, timeoutMs, isSent });
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(() => {});
  }
}

interface Failed extends Pick<Query, 'statement' | 'rejected' | 'timeoutMs'> {
  readonly isSent: boolean;
}

function failure(error: unknown, { statement, rejected, timeoutMs, isSent }: Failed): Error {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  const state = typeof code === 'string' && SQLSTATE.test(code) ? code : undefined;
  const what = `${statement}: ${message}${state === undefined ? '' : ` (${state})`}`;
  const options = { cause: error, data: { sqlState: state ?? null } };
  if (state !== undefined && rejected.includes(state)) return new OperationError('rejected', what, options);
  if (state === TIMED_OUT || /timeout/i.test(message))
    return new OperationError('timeout', `${statement}: no answer within ${timeoutMs} ms`, options);
  if (state !== undefined && MISWRITTEN.test(state))
    return new UsageError(`Cannot run ${what}`, { cause: error, hint: 'Mend the statement of the driver.' });
  const isLost = isSent && (state === undefined || LOST.test(state));
  return new OperationError(isLost ? 'unknown' : 'unavailable', what, options);
}
