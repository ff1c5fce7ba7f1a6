import { setTimeout as wait } from 'node:timers/promises';
import { activeFault, ChaosError, markSecretsIn } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';
import { expectExit } from './expect-exit.js';
import type { TargetOptions, TargetProcess } from './target-process.js';
import { TargetWatch } from './target-watch.js';
import { waitUntilReady } from './wait-until-ready.js';

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
  const url = `http://127.0.0.1:${options.port}`;
  const readyUrl = new URL(options.ready.path, url).href;
  const closed = new AbortController();
  const watch = new TargetWatch(options.port);
  let running = await start(options, watch, readyUrl, options.signal);

  // One change at a time: otherwise a heal that starts the program and a restart would compete for the port.
  let last: Promise<unknown> = Promise.resolve();
  function exclusive(change: () => Promise<void>): Promise<void> {
    const next = last.catch(() => undefined).then(change);
    last = next;
    return next;
  }

  const killers = new Set<symbol>();
  const stoppers = new Set<symbol>();
  async function startAgain(signal: AbortSignal): Promise<void> {
    killers.clear();
    stoppers.clear();
    running = await start(options, watch, readyUrl, AbortSignal.any([signal, closed.signal]));
  }

  return {
    url,
    get pid() {
      return running.pid;
    },
    alive: () => running.alive(),
    logTail: (lines) => running.logTail(lines),
    incidents: async (signal) => {
      // A change under way is ours, and is waited for.
      await last.catch(() => undefined);
      return watch.takeIncidents(signal);
    },
    expectExit: (expected, signal) => expectExit(watch, expected, { logTail: () => running.logTail(30), signal }),
    ready: (timeoutMs, signal) => waitUntilReady({ process: running, url: readyUrl, timeoutMs, signal }),
    restart: (signal) =>
      exclusive(async () => {
        watch.release();
        await end(running);
        await startAgain(signal);
      }),
    kill: () => ({
      name: 'target SIGKILL',
      async inject(signal) {
        const me = Symbol('kill');
        await exclusive(async () => {
          signal.throwIfAborted();
          killers.add(me);
          watch.release();
          await running.killTree();
        });
        return activeFault(() =>
          exclusive(async () => {
            if (killers.delete(me) && killers.size === 0 && !closed.signal.aborted) await startAgain(closed.signal);
          }),
        );
      },
    }),
    stop: () => ({
      name: 'target SIGSTOP',
      async inject(signal) {
        const me = Symbol('stop');
        await exclusive(async () => {
          signal.throwIfAborted();
          if (!running.alive())
            throw new ChaosError('FAULT_REFUSED', 'Cannot stop the target: it is not running', {
              data: { pid: running.pid },
            });
          stoppers.add(me);
          await running.pause();
        });
        return activeFault(() =>
          exclusive(async () => {
            if (stoppers.delete(me) && stoppers.size === 0) running.resume();
          }),
        );
      },
    }),
    async [Symbol.asyncDispose]() {
      closed.abort();
      watch.release();
      await exclusive(() => running.killTree());
    },
  };
}

async function start(
  options: TargetOptions,
  watch: TargetWatch,
  url: string,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  const { command, wrap, cwd, env, port, ready, journal, log, onProcess } = options;
  markSecretsIn(env);
  // Another process on this port would answer instead of the target.
  await assertPortFree(port, 'the target');
  const [program, ...args] = command;
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const started = await spawnService({
    argv: [...wrap, program === 'node' ? process.execPath : program, ...args] as [string, ...string[]],
    env: { ...inherited, ...env },
    cwd,
    journal,
    what: 'the target',
    log(line) {
      watch.line(line);
      log(line);
    },
    signal,
    deathSignal: 'SIGKILL',
  });
  try {
    await waitUntilReady({ process: started, url, timeoutMs: ready.timeoutMs, signal });
    await watch.begin(started);
    await onProcess(started.pid);
    // Nobody waits for it then, so an error of it is a line of the log.
    started.exited
      .then(() => onProcess(undefined))
      .catch((error: unknown) => log(`the end of the target could not be told: ${String(error)}`));
    return started;
  } catch (error) {
    await started.killTree();
    throw error;
  }
}

async function end(running: ServiceProcess): Promise<void> {
  running.kill('SIGTERM');
  running.resume();
  const patience = new AbortController();
  await Promise.race([running.exited, wait(GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  await running.killTree();
}
