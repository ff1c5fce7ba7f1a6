import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { descendantsOf, identityOf } from '@chaos/env/process';
import {
  activeFault,
  CapabilityMissing,
  checkRange,
  nearest,
  noJournal,
  UsageError,
  type Fault,
  type Journal,
} from '@chaos/spec';
import { processToSignal } from '../process-to-signal.js';

/** A program, and where its libraries lie. */
export interface Tracer {
  readonly executable: string;
  readonly libraryFolders: readonly string[];
}

/** Options of {@link syscallFault}. */
export interface SyscallFaultOptions {
  /** The process, as this machine counts; its descendants are traced, too, and whatever they start. */
  readonly pid: number;
  /** System calls: `['fsync', 'fdatasync']`. */
  readonly calls: readonly [string, ...string[]];
  /** They are not done and fail so: `ENOSPC`. Exactly one of this and `delayMs`. */
  readonly error?: string;
  /** They are done, and return so much later, ms. */
  readonly delayMs?: number;
  /** Only calls on this file or folder. Default: all. */
  readonly path?: string;
  /** Gets the undo recipe before the process is traced. Default: nowhere. */
  readonly journal?: Journal;
  /** Default: `strace` on the path. */
  readonly tracer?: Tracer;
}

const HINT = 'Install strace (apt-get install strace), and allow a process to trace others of its user.';

/**
 * Lets system calls of a running process fail or take long, by `strace` with its `inject`: needs no root, for a tracer
 * may hold processes of its own user. Every system call of the process gets slower by some 10 µs meanwhile. Healing
 * ends the tracer; it dies with the process that injected it. What it met are the calls that it changed.
 * @throws `UsageError` for a call or an error that does not exist.
 * @throws `CapabilityMissing` where there is no strace, or the kernel does not let it trace.
 * @throws `TypeError` unless exactly one of `error` and `delayMs` is given, `RangeError` for a `delayMs` above a
 * minute.
 */
export function syscallFault(options: SyscallFaultOptions): Fault {
  const { pid, calls, journal = noJournal } = options;
  checkRange('pid', pid, { least: 1, whole: true });
  const effect = effectOf(options);
  return {
    name: `process ${pid} ${calls.join(', ')}: ${effect.words}`,
    async inject(signal) {
      signal.throwIfAborted();
      processToSignal(pid);
      const targets = [pid, ...descendantsOf(pid).map((each) => each.pid)];
      const tracer = startTracer(options, effect.injection, targets);
      const { pid: tracerPid } = tracer;
      if (tracerPid === undefined) throw missing(((await once(tracer, 'error')) as [Error])[0].message);
      // It waits for a line on its standard input before it traces anything.
      const identity = identityOf(tracerPid) ?? { pid: tracerPid, startTime: 0 };
      const entry = journal.record({ kind: 'signal', ...identity, signal: 'SIGTERM' }, `tracer of process ${pid}`);
      const stop = async (): Promise<void> => {
        if (tracer.exitCode === null && tracer.signalCode === null) {
          const gone = once(tracer, 'exit');
          tracer.kill('SIGTERM');
          await gone;
        }
        entry.settle();
      };
      const counted = { changed: 0 };
      try {
        await attached(tracer, targets, counted, signal);
      } catch (error) {
        await stop();
        // Made here, so that it names the line that injects.
        throw error instanceof TracerEnded ? refusal(error.message) : error;
      }
      return activeFault(stop, { met: () => ({ calls: counted.changed }) });
    },
  };
}

type TracerProcess = ChildProcessByStdio<Writable, null, Readable>;

function startTracer(
  { calls, path, tracer = { executable: 'strace', libraryFolders: [] } }: SyscallFaultOptions,
  injection: string,
  targets: readonly number[],
): TracerProcess {
  const names = calls.join(',');
  const { executable, libraryFolders } = tracer;
  const argv = [
    executable,
    '-f',
    ...['-e', `trace=${names}`, '-e', 'signal=none', '-e', `inject=${names}:${injection}`],
    ...(path === undefined ? [] : ['-P', path]),
    ...targets.flatMap((each) => ['-p', String(each)]),
  ];
  // The shell ends without tracing when its standard input closes, which it does when this process dies.
  return spawn('sh', ['-c', 'read go && exec "$@"', 'sh', ...argv], {
    stdio: ['pipe', 'ignore', 'pipe'],
    cwd: '/',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...(libraryFolders.length > 0 && { LD_LIBRARY_PATH: libraryFolders.join(':') }),
    },
  });
}

function attached(
  tracer: TracerProcess,
  targets: readonly number[],
  counted: { changed: number },
  signal: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input: tracer.stderr });
  let last = '';
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const waiting = new Set(targets);
    lines.on('line', (line) => {
      if (/\((?:INJECTED|DELAYED)\)/.test(line)) counted.changed++;
      else last = line;
      const pid = Number(/^\S*: Process (\d+) attached/.exec(line)?.[1]);
      waiting.delete(pid);
      // Of several processes one may have ended meanwhile; strace goes on with the others.
      if (/No such process/.test(line)) waiting.delete(Number(/\((\d+)\)/.exec(line)?.[1]));
      if (waiting.size === 0) resolve();
    });
    tracer.once('exit', () => reject(new TracerEnded(last || 'strace ended')));
    tracer.stdin.on('error', () => {});
    tracer.stdin.write('go\n');
  });
}

function effectOf({ error, delayMs }: SyscallFaultOptions): { readonly injection: string; readonly words: string } {
  if ((error === undefined) === (delayMs === undefined))
    throw new TypeError(
      `Cannot change system calls: current error is ${String(error)} and delayMs ${String(delayMs)}, ` +
        'exactly one must be given',
    );
  if (error !== undefined) {
    if (!/^E[A-Z0-9]+$/.test(error))
      throw new TypeError(`Cannot change system calls: current error is ${error}, it must be a name such as ENOSPC`);
    return { injection: `error=${error}`, words: error };
  }
  checkRange('delayMs', delayMs as number, { above: 0, most: 60_000 });
  return { injection: `delay_exit=${Math.round((delayMs as number) * 1000)}`, words: `${delayMs} ms late` };
}

class TracerEnded extends Error {}

// Calls and errors differ between machines: strace knows them.
function refusal(lastWords: string): Error {
  const [, call] = /invalid system call '(.*)'/.exec(lastWords) ?? [];
  if (call !== undefined) return unknownName('system call', call, FREQUENT_CALLS);
  const [, error] = /invalid inject argument '.*:error=(\w+)'/.exec(lastWords) ?? [];
  if (error !== undefined) return unknownName('error', error, Object.keys(constants.errno));
  return missing(lastWords);
}

const FREQUENT_CALLS =
  'accept accept4 bind close connect fdatasync fsync openat pwrite64 read recvfrom rename sendto write'.split(' ');

function unknownName(kind: string, name: string, known: readonly string[]): UsageError {
  const meant = nearest(name, known);
  const guess = meant === undefined ? '' : `: did you mean ${meant}?`;
  return new UsageError(`Cannot change system calls: ${JSON.stringify(name)} is no ${kind} of this machine${guess}`, {
    hint: kind === 'error' ? 'Errors have names as in `man errno`: ENOSPC.' : 'The names are those of `man syscalls`.',
  });
}

function missing(reason: string): CapabilityMissing {
  return new CapabilityMissing('strace', reason, { hint: HINT });
}
