import { setTimeout as wait } from 'node:timers/promises';
import { activeFault, ChaosError, markSecretsIn, type ActiveFault, type Fault, type Incident } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { spawnService, type ProcessExit, type ServiceProcess } from '../process/spawn-service.js';
import { LineMatcher } from './ready/line-matcher.js';
import { readyProbe } from './ready/ready-probe.js';
import { runSetup } from './run-setup.js';
import { expectExit, type ExpectedExit } from './watch/expect-exit.js';
import type { TargetOptions, TargetProcess } from './target-process.js';
import { TargetWatch } from './watch/target-watch.js';
import { waitUntilReady } from './ready/wait-until-ready.js';

const GRACE_MS = 1000;
// No NODE_OPTIONS: loaders and coverage of the testing process must not affect the program under test.
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'NODE_ENV',
  'NODE_PATH',
  'NODE_EXTRA_CA_CERTS',
] as const;

/**
 * Starts the program under test and waits until it is ready.
 *
 * @throws `EnvironmentError` when the port is taken, the program cannot be run, exits (with code and log), or does not
 *   get ready in time (with its last answer and log).
 */
export async function startTarget(options: TargetOptions): Promise<TargetProcess> {
  const watch = new TargetWatch(options.port, options.title ?? 'target');
  const { setup, cwd, wrap, journal, ready, signal } = options;
  if (setup !== undefined)
    await runSetup(
      nodeOf(setup),
      { env: environmentOf(options), cwd, wrap, journal },
      { timeoutMs: ready.timeoutMs, signal },
    );
  return new RunningTarget(options, watch, await start(options, watch, { signal }));
}

class RunningTarget implements TargetProcess {
  readonly url: string;
  readonly #options: TargetOptions;
  readonly #watch: TargetWatch;
  readonly #closed = new AbortController();
  readonly #killers = new Set<symbol>();
  readonly #stoppers = new Set<symbol>();
  #running: Started;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TargetOptions, watch: TargetWatch, running: Started) {
    this.url = urlOf(options);
    this.#options = options;
    this.#watch = watch;
    this.#running = running;
  }

  get pid(): number {
    return this.#running.process.pid;
  }

  alive(): boolean {
    return this.#running.process.alive();
  }

  logTail(lines?: number): string {
    return this.#running.process.logTail(lines);
  }

  async incidents(signal: AbortSignal): Promise<readonly Incident[]> {
    // A change under way is ours, and is waited for.
    await this.#last.catch(() => undefined);
    return this.#watch.takeIncidents(signal);
  }

  ended(): readonly { readonly what: string; readonly atMs: number }[] {
    return this.#watch.ended();
  }

  expectExit(expected: ExpectedExit, signal: AbortSignal): Promise<ProcessExit> {
    return expectExit(this.#watch, expected, { logTail: () => this.logTail(30), signal });
  }

  ready(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { command } = this.#options;
    return waitUntilReady({ ...this.#running.readiness, process: this.#running.process, command, timeoutMs, signal });
  }

  restart(signal: AbortSignal, env?: Readonly<Record<string, string>>): Promise<void> {
    return this.#exclusive(async () => {
      this.#watch.release();
      await end(this.#running.process);
      await this.#startAgain(signal, env);
    });
  }

  async shutdown(timeoutMs: number, signal: AbortSignal): Promise<ProcessExit> {
    const exit = this.expectExit({ timeoutMs }, signal);
    this.#running.process.kill('SIGTERM');
    return exit;
  }

  end(): Promise<void> {
    return this.#exclusive(async () => {
      this.#watch.release();
      await end(this.#running.process);
    });
  }

  kill(): Fault {
    const inject = async (signal: AbortSignal): Promise<ActiveFault> => {
      const me = Symbol('kill');
      await this.#exclusive(async () => {
        signal.throwIfAborted();
        this.#killers.add(me);
        this.#watch.release();
        await this.#running.process.killTree();
      });
      return activeFault(() => this.#exclusive(() => this.#revive(me)));
    };
    return { name: 'target SIGKILL', inject };
  }

  stop(): Fault {
    const inject = async (signal: AbortSignal): Promise<ActiveFault> => {
      const me = Symbol('stop');
      await this.#exclusive(async () => {
        signal.throwIfAborted();
        if (!this.alive())
          throw new ChaosError('FAULT_REFUSED', 'Cannot stop the target: it is not running', {
            data: { pid: this.pid },
          });
        this.#stoppers.add(me);
        await this.#running.process.pause();
      });
      return activeFault(() =>
        this.#exclusive(async () => {
          if (this.#stoppers.delete(me) && this.#stoppers.size === 0) this.#running.process.resume();
        }),
      );
    };
    return { name: 'target SIGSTOP', inject };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    this.#watch.release();
    await this.#exclusive(() => this.#running.process.killTree());
  }

  async #revive(killer: symbol): Promise<void> {
    if (this.#killers.delete(killer) && this.#killers.size === 0 && !this.#closed.signal.aborted)
      await this.#startAgain(this.#closed.signal);
  }

  async #startAgain(signal: AbortSignal, env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#killers.clear();
    this.#stoppers.clear();
    const either = AbortSignal.any([signal, this.#closed.signal]);
    this.#running = await start(this.#options, this.#watch, { signal: either, env });
  }

  // One change at a time: otherwise a heal that starts the program and a restart would compete for the port.
  #exclusive(change: () => Promise<void>): Promise<void> {
    const next = this.#last.catch(() => undefined).then(change);
    this.#last = next;
    return next;
  }
}

function urlOf({ port }: TargetOptions): string {
  return `http://127.0.0.1:${port}`;
}

/** One start of the program. */
interface Started {
  readonly process: ServiceProcess;
  readonly readiness: ReturnType<typeof readyProbe>;
}

async function start(
  options: TargetOptions,
  watch: TargetWatch,
  { signal, env = {} }: { readonly signal: AbortSignal; readonly env?: Readonly<Record<string, string>> },
): Promise<Started> {
  const { command, wrap, cwd, port, ready, journal, log, databaseUrl, onProcess } = options;
  const title = options.title ?? 'the target';
  markSecretsIn([options.env, env]);
  // Another process on this port would answer instead of the target.
  await assertPortFree(port, title);
  const line = new LineMatcher('log' in ready ? ready.log : '');
  const startMs = performance.now();
  const environment = { ...environmentOf(options), ...env };
  const process = await spawnService({
    argv: [...wrap, ...nodeOf(command)] as [string, ...string[]],
    env: environment,
    cwd,
    journal,
    what: title,
    log(text) {
      line.add(text);
      watch.line(text);
      log(text);
    },
    signal,
    deathSignal: 'SIGKILL',
  });
  const place = {
    process,
    port,
    env: environment,
    cwd,
    wrap,
    journal,
    databaseUrl,
    startMs,
    hasPrinted: () => line.seen,
  };
  const readiness = readyProbe('command' in ready ? { command: nodeOf(ready.command) } : ready, place);
  try {
    const { timeoutMs, stretched } = ready;
    await waitUntilReady({ ...readiness, process, command, timeoutMs, stretched, signal, title });
    watch.begin(process);
    await onProcess(process.pid);
    // Nobody waits for it then, so an error of it is a line of the log.
    process.exited
      .then(() => onProcess(undefined))
      .catch((error: unknown) => log(`the end of the target could not be told: ${String(error)}`));
    return { process, readiness };
  } catch (error) {
    await process.killTree();
    throw error;
  }
}

// The Node.js that runs this.
function nodeOf([program, ...args]: readonly string[]): [string, ...string[]] {
  return [program === 'node' ? process.execPath : (program ?? ''), ...args];
}

function environmentOf({ env }: TargetOptions): Record<string, string> {
  const inherited = INHERITED.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), ...env };
}

async function end(running: ServiceProcess): Promise<void> {
  running.kill('SIGTERM');
  running.resume();
  const patience = new AbortController();
  await Promise.race([running.exited, wait(GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  await running.killTree();
}
