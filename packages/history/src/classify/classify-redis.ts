/** Facts that the client knows when an error arrives. */
export interface RedisContext {
  /** `client.status` of ioredis before the command was given to it. Default `ready`. */
  readonly status?: string;
}

// A script is not undone when it ends with an error; these are refused before it runs.
const SCRIPT = /^(?:eval|evalsha|eval_ro|evalsha_ro|fcall|fcall_ro)$/i;
const REFUSED_BEFORE =
  /^(?:NOSCRIPT|NOPERM|NOAUTH|READONLY|MOVED|ASK|CLUSTERDOWN|CROSSSLOT|TRYAGAIN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|BUSY|OOM|EXECABORT)\b|wrong number of arguments|Error compiling script/;

/**
 * The outcome of a command that `ioredis` rejected with this: `fail` it certainly has no effect, `info` nobody can
 * tell.
 *
 * An error reply of the server says that the command was refused; but a script that ends with one keeps what it had
 * written. A connection that closes, a time-out and used-up retries come after the command was sent, perhaps more than
 * once: `autoResendUnfulfilledCommands` of ioredis sends it again (set it to false where a command must not happen
 * twice).
 */
export function classifyRedis(error: unknown, { status = 'ready' }: RedisContext = {}): 'fail' | 'info' {
  const { name, message, command } = (error ?? {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly command?: { readonly name?: unknown };
  };
  const text = typeof message === 'string' ? message : '';
  if (name === 'ReplyError')
    return typeof command?.name === 'string' && SCRIPT.test(command.name) && !REFUSED_BEFORE.test(text)
      ? 'info'
      : 'fail';
  // Refused by the client itself: nothing was sent.
  if (text === "Stream isn't writeable and enableOfflineQueue options is false" || status === 'end') return 'fail';
  return 'info';
}

/**
 * The effect of a MULTI … EXEC: all of it, nothing (a watched key had changed, or it was discarded), or all but the
 * commands that failed: Redis rolls nothing back.
 */
export type ExecOutcome = 'ok' | 'fail' | 'partial';

/**
 * Reads the reply of ioredis' `exec()`. A `partial` transaction happened: what it wrote is there, so record it as `ok`
 * with what each command answered.
 */
export function classifyExec(reply: readonly (readonly [error: Error | null, result: unknown])[] | null): ExecOutcome {
  if (reply === null) return 'fail';
  return reply.some(([error]) => error !== null) ? 'partial' : 'ok';
}
