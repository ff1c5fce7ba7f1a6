import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { abortWithin, activeFault, checkRange, EnvironmentError, type Fault } from '@chaos/spec';
import { packageFile } from '../package-file.js';

/** A Node.js program that was started with {@link InsideProcess.env}: faults act within it, without a change to it. */
export interface InsideProcess extends AsyncDisposable {
  /** Variables that it has to be started with; `NODE_OPTIONS` keeps what it was given. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Blocks its event loop for `forMs`, again and again every `everyMs`, as a handler that computes for too long does.
   * What it met are the times that it was blocked.
   */
  blockEventLoop(options: BlockOptions): Fault;
  /**
   * Occupies all threads of its pool (libuv: files, DNS lookups, cryptography), so that what needs one waits.
   * `threads`: their number, by default that of libuv, 4.
   */
  saturateThreadPool(options?: { readonly threads?: number }): Fault;
  /** Lets it hold so much more memory, bytes; taken in steps of 1 MiB, given back when healed. */
  takeMemory(options: { readonly bytes: number }): Fault;
  /** Collects its garbage and returns what is left, bytes: its heap, and buffers outside of it. */
  keptBytes(options?: { readonly signal?: AbortSignal }): Promise<number>;
}

/** Options of `blockEventLoop()`. */
export interface BlockOptions {
  /** Time of one block, ms; at most a minute. */
  readonly forMs: number;
  /** From the beginning of one block to that of the next, ms. Default: twice `forMs`. */
  readonly everyMs?: number;
}

const CONNECT_MS = 5000;
const KEPT_MS = 10_000;
const THREADS = 4;

/**
 * Makes the way into a Node.js program: start it with `env`, then put faults in force. Every effect ends when its fault
 * is healed, and when this process dies, for it lasts as long as a connection between the two.
 * @param nodeOptions what `NODE_OPTIONS` is without us
 */
export function insideProcess(nodeOptions = ''): InsideProcess {
  // Short: the path of a socket has 107 bytes at most.
  const folder = mkdtempSync(join(tmpdir(), 'chaos-in-'));
  const path = join(folder, 's');
  const preload = pathToFileURL(packageFile('inside/preload.js')).href;
  const order = (name: string, make: () => Promise<object>, counts: string): Fault => ({
    name,
    async inject(signal) {
      signal.throwIfAborted();
      const line = JSON.stringify(await make());
      const socket = await connected(path, signal);
      const seen = { count: 0 };
      await acknowledged(socket, line, seen, signal);
      const heal = async (): Promise<void> => void socket.destroy();
      return activeFault(heal, { met: () => ({ [counts]: seen.count }) });
    },
  });
  return {
    env: { CHAOS_INSIDE: path, NODE_OPTIONS: `${nodeOptions} --import=${preload}`.trim() },
    blockEventLoop({ forMs, everyMs = forMs * 2 }) {
      checkRange('forMs', forMs, { least: 1, most: 60_000 });
      checkRange('everyMs', everyMs, { least: forMs, most: 600_000 });
      return order(`event loop blocked for ${forMs} ms`, async () => ({ do: 'block', forMs, everyMs }), 'blocks');
    },
    saturateThreadPool({ threads = THREADS } = {}) {
      checkRange('threads', threads, { least: 1, most: 1024, whole: true });
      const make = async (): Promise<object> => ({ do: 'threads', count: threads, fifo: await fifoIn(folder) });
      return order(`thread pool saturated`, make, 'threads');
    },
    takeMemory({ bytes }) {
      checkRange('bytes', bytes, { least: 1 << 20, most: 2 ** 34, whole: true });
      return order(`${Math.round(bytes / 2 ** 20)} MiB taken`, async () => ({ do: 'memory', bytes }), 'mebibytes');
    },
    async keptBytes({ signal = AbortSignal.timeout(KEPT_MS) } = {}) {
      const fault = order('kept bytes', async () => ({ do: 'kept' }), 'bytes');
      const told = await fault.inject(signal);
      await told.heal();
      return told.met?.()?.['bytes'] ?? NaN;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

let fifos = 0;

async function fifoIn(folder: string): Promise<string> {
  const path = join(folder, `f${fifos++}`);
  await promisify(execFile)('mkfifo', [path]);
  return path;
}

async function connected(path: string, signal: AbortSignal): Promise<Socket> {
  const socket = connect(path);
  using limited = abortWithin(signal, CONNECT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
      limited.addEventListener('abort', () => reject(limited.reason as Error), { once: true });
    });
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    throw new EnvironmentError(`Cannot act within the program: it does not listen (${(cause as Error).message})`, {
      hint: 'It has to be a Node.js program that runs since it was started with the env of insideProcess().',
      cause,
    });
  }
  socket.on('error', () => {});
  return socket;
}

// It answers each time that it has acted, with a number that only grows.
function acknowledged(socket: Socket, line: string, seen: { count: number }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (chunk) => {
      seen.count = Number(String(chunk).trim().split('\n').at(-1));
      resolve();
    });
    socket.once('close', () =>
      reject(new EnvironmentError('Cannot act within the program: it ended, or refused the order')),
    );
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    socket.write(`${line}\n`);
  });
}
