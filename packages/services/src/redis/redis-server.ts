import type { Fault } from '@chaos/spec';

/** A Redis (or Valkey) of ours. Disposing leaves nothing behind; twice is harmless. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** True where the server is not ours: then faults that need its process throw `FAULT_REFUSED`. */
  readonly external: boolean;
  /** `undefined` while it is down or not ours. */
  readonly pid: number | undefined;
  /** Resolves when it answers PING; rejects when it does not. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers all keys with their times to live. */
  snapshot(signal: AbortSignal): Promise<void>;
  /**
   * Back to the snapshot, proven by number and content hash of the keys; throws `ChaosError` code `RESET_FAILED` when
   * it cannot be reached.
   */
  reset(signal: AbortSignal): Promise<void>;
  /** The last lines of the server's log; empty where it is not ours. */
  logTail(lines?: number): string;
  /** SIGKILL; healing starts it again on the same port, empty: it persists nothing. */
  kill(): Fault;
  /** SIGSTOP: connections hang; healing sends SIGCONT. */
  stop(): Fault;
  /** Injecting shuts it down, healing starts it again, empty. */
  restart(): Fault;
}
