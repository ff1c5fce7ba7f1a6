import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isRunning, sendSignal } from '@chaos/env/process';
import { withDeathSignal } from '@chaos/programs';
import { EnvironmentError, type Journal } from '@chaos/spec';
import { createLogTail } from './log-tail.js';
import { packageEntry } from './package-entry.js';
import { createProcessTree } from './process-tree.js';

const MARK = 'CHAOS_SERVICE_ID';

/** Options of {@link spawnService}. */
export interface SpawnServiceOptions {
  readonly argv: readonly [string, ...string[]];
  /** The whole environment; the process inherits nothing. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly journal: Journal;
  /** Name for messages: `PostgreSQL`, `target`. */
  readonly what: string;
  /** Gets each line of its output. */
  readonly log: (line: string) => void;
  /** Aborts only the start; no effect afterwards. */
  readonly signal: AbortSignal;
  /** Signal that it gets when this process dies in any way. */
  readonly deathSignal: NodeJS.Signals;
  /** Value of `CHAOS_RUN_ID` in its environment; default: this process's own. */
  readonly runId?: string;
}

/** Exit status of a process. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process started by us, and everything it starts. */
export interface ServiceProcess {
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`, clock ticks; 0 if it was gone at once or there is no `/proc`. */
  readonly startTime: number;
  /** Resolves, never rejects, after it has ended and its output was read. */
  readonly exited: Promise<ProcessExit>;
  alive(): boolean;
  /** The last `lines` lines of its output. */
  logTail(lines?: number): string;
  /** SIGSTOP to the whole tree; resolves when all are stopped. */
  pause(): Promise<void>;
  /** SIGCONT to the whole tree. */
  resume(): void;
  /** Sends a signal to the process itself; false if it is gone. */
  kill(signal: NodeJS.Signals): boolean;
  /**
   * SIGKILL to the whole tree, including stopped processes and orphans; resolves when none is left. A second call does
   * nothing.
   */
  killTree(): Promise<void>;
  /** Forgets it, once it has ended: what it left running is no longer ours to end. */
  leave(): void;
}

/**
 * Starts a process in its own session (so Ctrl+C does not reach it). It dies with this process, and its undo is
 * journalled.
 * Throws `EnvironmentError` if it cannot be started; a wrong program name may show as exit code 127 instead.
 */
export async function spawnService(options: SpawnServiceOptions): Promise<ServiceProcess> {
  const { journal, what, log, signal } = options;
  signal.throwIfAborted();
  const mark = randomUUID();
  // Record the undo before the process exists: we may die between starting it and knowing its pid.
  const markEntry = journal.record(
    {
      kind: 'call',
      module: packageEntry('process/kill-marked.js'),
      export: 'killMarked',
      data: { variable: MARK, value: mark },
    },
    `processes of ${what}`,
  );
  const child = startChild(options, mark);
  const { pid } = child;
  if (pid === undefined) {
    const cause = await whyNotStarted(child);
    markEntry.settle();
    throw new EnvironmentError(
      `Cannot start ${what}: ${options.argv[0]} cannot be run in ${options.cwd} (${cause.message})`,
      { cause },
    );
  }
  const startTime = identityOf(pid)?.startTime ?? 0;
  const entry = journal.record({ kind: 'signal', pid, startTime, signal: 'SIGKILL', tree: true }, `process of ${what}`);
  const tail = createLogTail(log);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', tail.write);
  const exited = exitOf(child);
  const self = { pid, startTime };
  const tree = createProcessTree(self, MARK, mark);
  const settle = (): void => {
    entry.settle();
    markEntry.settle();
  };
  return {
    pid,
    startTime,
    exited,
    alive: () => child.exitCode === null && child.signalCode === null && (startTime === 0 || isRunning(self)),
    logTail: tail.read,
    pause: tree.pause,
    resume: tree.resume,
    kill(name) {
      // Remember the children first: afterwards they are orphans.
      tree.members();
      return startTime === 0 ? child.kill(name) : sendSignal(self, name);
    },
    async killTree() {
      if (startTime === 0) child.kill('SIGKILL');
      await tree.kill();
      await exited;
      settle();
    },
    leave: settle,
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function startChild({ argv, cwd, uid, gid, env, runId, deathSignal }: SpawnServiceOptions, mark: string): Child {
  const [file, ...args] = withDeathSignal(deathSignal, argv) as [string, ...string[]];
  return spawn(file, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, CHAOS_RUN_ID: runId ?? process.env['CHAOS_RUN_ID'], [MARK]: mark },
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
}

async function whyNotStarted(child: Child): Promise<Error> {
  const [cause] = (await once(child, 'error')) as [Error];
  return cause;
}

function exitOf(child: Child): Promise<ProcessExit> {
  // A grandchild may hold the pipes open for ever, so waiting for `close` alone is not enough.
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => void Promise.race([closed, delay(50)]).then(() => resolve({ code, signal })));
  });
}
