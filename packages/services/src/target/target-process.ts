import type { Fault, Incident, Journal, ReadyCheck } from '@chaos/spec';
import type { ProcessExit } from '../process/spawn-service.js';
import type { ExpectedExit } from './watch/expect-exit.js';

/** Options of {@link TargetProcess}. */
export interface TargetOptions {
  /** Its name in messages. Default `target`. */
  readonly title?: string;
  /** argv, placeholders substituted. `node` is the Node.js that runs this. */
  readonly command: readonly [string, ...string[]];
  /** Command prefix: it changes the environment of the program and then execs it. */
  readonly wrap: readonly string[];
  readonly cwd: string;
  /** Added to the few of our variables that any program needs (`PATH`, `HOME`, …). */
  readonly env: Readonly<Record<string, string>>;
  /** Port on 127.0.0.1 that it listens on. */
  readonly port: number;
  /** The sign that it is ready; each start may take `timeoutMs`. */
  readonly ready: ReadyCheck & {
    readonly timeoutMs: number;
    /** How `timeoutMs` came about, where it is not as written: `3000 ms × 1.7`. */
    readonly stretched?: string | undefined;
  };
  /** Run before the first start, if any; may take `ready.timeoutMs`. */
  readonly setup: readonly string[] | undefined;
  /** For a query of readiness: URL of its PostgreSQL, without its link. */
  readonly databaseUrl: string | undefined;
  readonly journal: Journal;
  /** Gets each line of its output. */
  readonly log: (line: string) => void;
  /** Hears of the process that is ready, and of `undefined` when it has ended; whoever restarted it waits for this. */
  readonly onProcess: (pid: number | undefined) => Promise<void>;
  /** Aborts the first start. */
  readonly signal: AbortSignal;
}

/** The running program under test. */
export interface TargetProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Pid of the current process, or of the last one. */
  readonly pid: number;
  alive(): boolean;
  /** The last lines of its output since its last start. */
  logTail(lines?: number): string;
  /**
   * What happened to it since the last call that nobody asked for: it exited, it stopped listening, something within it
   * was started again. Waits for a target that is just going down.
   */
  incidents(signal: AbortSignal): Promise<readonly Incident[]>;
  /** Its ends that {@link incidents} will tell, while it is down since. Takes nothing, and waits for nothing. */
  ended(): readonly { readonly what: string; readonly atMs: number }[];
  /**
   * Waits until it exits by itself, unless it has already; that exit is then no incident.
   *
   * @throws ChaosError `EXIT_MISSING` when it does not within `timeoutMs`, or exits in another way.
   */
  expectExit(expected: ExpectedExit, signal: AbortSignal): Promise<ProcessExit>;
  /**
   * Resolves when it is ready.
   *
   * @throws `EnvironmentError` with the last answer and the log, when it is not within `timeoutMs`, or is not running.
   */
  ready(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Ends it (SIGTERM, 1 s later SIGKILL to all it started) and starts it again on the same port; resolves when it is
   * ready. Ends {@link kill} and {@link stop} if they are in force. `env` is on top of its environment until the next
   * start.
   *
   * @throws `EnvironmentError` when it does not get ready.
   */
  restart(signal: AbortSignal, env?: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Asks it to end (SIGTERM) and waits until it has, which is no incident. It stays down until {@link restart}.
   *
   * @throws ChaosError `EXIT_MISSING` when it still runs after `timeoutMs`.
   */
  shutdown(timeoutMs: number, signal: AbortSignal): Promise<ProcessExit>;
  /** Ends it, as {@link restart} does, which starts it again. It is no incident. */
  end(): Promise<void>;
  /** SIGKILL to all its processes. Healing starts it again and resolves when it is ready. */
  kill(): Fault;
  /** SIGSTOP to all its processes: the kernel accepts connections, but nobody answers. Healing continues them. */
  stop(): Fault;
}
