/** Facts that the client knows when an error arrives. */
export interface PostgresContext {
  /**
   * True if the statement that makes the change durable had been sent: COMMIT, PREPARE TRANSACTION, or a single
   * statement outside a transaction block.
   */
  readonly commitSent: boolean;
}

// What the server itself says leaves the outcome open (manual, appendix A): connection exceptions,
// transaction_resolution_unknown, statement_completion_unknown; and internal errors, which promise nothing.
const UNKNOWN_STATE = /^(?:08|XX|40003$)/;

// Refused while connecting: cannot_connect_now, too_many_connections, authorization, no such database.
const CONNECT_STATE = /^(?:57P03|53300|28|3D000$)/;

// pg and its pool know that they have sent nothing.
const NOT_SENT =
  /is not queryable$|^timeout exceeded when trying to connect$|^Connection terminated due to connection timeout$/;

/**
 * The outcome of a transaction in which `pg` threw this: `fail` it certainly has no effect, `info` nobody can tell.
 *
 * Before COMMIT was sent nothing can have happened, whatever the error: the server rolls back what its session leaves
 * open. After that, an `ERROR` is the server's word that it was rolled back; `FATAL` (57P01 while a synchronous standby
 * is awaited comes after the local commit), a lost connection, a time-out of the client and the codes of unknown states
 * are not. Source: PostgreSQL manual, appendix A "Error Codes" and "Message Severity Levels".
 */
export function classifyPostgres(error: unknown, { commitSent }: PostgresContext): 'fail' | 'info' {
  if (!commitSent) return 'fail';
  const { code, severity, message } = (error ?? {}) as {
    readonly code?: unknown;
    readonly severity?: unknown;
    readonly message?: unknown;
  };
  if (typeof severity === 'string' && typeof code === 'string')
    return CONNECT_STATE.test(code) || (isError(severity) && !UNKNOWN_STATE.test(code)) ? 'fail' : 'info';
  if (code === 'ECONNREFUSED') return 'fail';
  return typeof message === 'string' && NOT_SENT.test(message) ? 'fail' : 'info';
}

/**
 * The outcome of a COMMIT that was answered without an error: the server answers `ROLLBACK` where the transaction was
 * aborted before (manual, COMMIT), and nothing has happened then.
 */
export function classifyCommit({ command }: { readonly command: string }): 'ok' | 'fail' {
  return command === 'COMMIT' ? 'ok' : 'fail';
}

// The word is translated (lc_messages), but FATAL and PANIC are the same in all languages that close the connection
// with them.
function isError(severity: string): boolean {
  return severity !== 'FATAL' && severity !== 'PANIC';
}
