import type { Fault } from '@chaos/spec';

/** Our own Redis (or Valkey). Disposing removes everything; a second call does nothing. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** True if the server is external: then faults that need its process throw `FAULT_REFUSED`. */
  readonly external: boolean;
  /** `undefined` while it is down, or if it is external. */
  readonly pid: number | undefined;
  /** Resolves when it answers PING; rejects when it does not. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers all keys with their times to live. */
  snapshot(signal: AbortSignal): Promise<void>;
  /**
   * Returns to the snapshot, verified by the number and the content hash of the keys; throws `ChaosError` code
   * `RESET_FAILED` if that fails.
   */
  reset(signal: AbortSignal): Promise<void>;
  /** The last lines of the server's log; empty for an external server. */
  logTail(lines?: number): string;
  /** SIGKILL; healing starts it again on the same port, empty: it persists nothing. */
  kill(): Fault;
  /** SIGSTOP: connections hang; healing sends SIGCONT. */
  stop(): Fault;
  /** Injecting shuts it down, healing starts it again, empty. */
  restart(): Fault;
  /** Lets it accept no further client; healing sets the limit back. */
  exhaustClients(): Fault;
  /** Starts it again, empty, with a clock that `clockOffset()` can move; the next reset starts it without. */
  movableClock(library: string, signal: AbortSignal): Promise<void>;
  /** Moves its clock while it runs; healing moves it back. Throws `FAULT_REFUSED` before `movableClock()`. */
  clockOffset(offsetMs: number): Fault;
}
