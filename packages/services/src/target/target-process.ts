import type { Fault, Journal } from '@chaos/spec';

/** What {@link TargetProcess} is started with; nothing has a default. */
export interface TargetOptions {
  /** argv, placeholders substituted. `node` is the Node.js that runs this. */
  readonly command: readonly [string, ...string[]];
  /** Arguments before which it is run: they change its surroundings and then become it. */
  readonly wrap: readonly string[];
  readonly cwd: string;
  /** On top of the few variables of ours that any program needs (`PATH`, `HOME`, …). */
  readonly env: Readonly<Record<string, string>>;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** A 2xx on `path` means ready; each start may take `timeoutMs`. */
  readonly ready: { readonly path: string; readonly timeoutMs: number };
  readonly journal: Journal;
  /** Gets each line of its output. */
  readonly log: (line: string) => void;
  /** Aborts the first start. */
  readonly signal: AbortSignal;
}

/** The program under test, running. */
export interface TargetProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  alive(): boolean;
  /** The last lines of its output since its last start. */
  logTail(lines?: number): string;
  /**
   * Resolves when it is ready.
   *
   * @throws `EnvironmentError` with the last answer and the log, when it is not within `timeoutMs`, or is not running.
   */
  ready(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Ends it (SIGTERM, 1 s later SIGKILL to all it started) and starts it again on the same port; resolves when it is
   * ready. It ends {@link kill} and {@link stop} where they are in force.
   *
   * @throws `EnvironmentError` when it does not get ready.
   */
  restart(signal: AbortSignal): Promise<void>;
  /** SIGKILL to all its processes. Healing starts it again and resolves when it is ready. */
  kill(): Fault;
  /**
   * SIGSTOP to all its processes: connections are accepted by the kernel and nobody answers. Healing lets them go on.
   */
  stop(): Fault;
}
