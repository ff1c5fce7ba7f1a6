import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { processEntry } from '../process-entry.js';
import type { Hang } from './look-for-loop.js';

// Extra time, because a node process must start there first.
const START_MS = 1000;

/** A process whose event loop is blocked, as {@link locateWorker} needs it. */
export interface Blocked {
  /** Starts its inspector and resolves to the `ws:` address of it, a secret. */
  openInspector(signal: AbortSignal): Promise<string>;
  /** Wraps a command so that it runs in the network namespace of the process, if it has one: there it listens. */
  readonly enter: ((argv: readonly string[]) => readonly [string, ...string[]]) | undefined;
}

/**
 * Finds the position of a worker or a slot whose event loop is blocked, and its own description of it. Empty if that is
 * impossible: code that handles SIGUSR1 itself, or has closed standard error.
 */
export async function locateWorker({ openInspector, enter }: Blocked, timeoutMs: number): Promise<Hang> {
  try {
    const url = await openInspector(AbortSignal.timeout(timeoutMs));
    if (enter) return await locateThere(enter, url, timeoutMs);
    // Import on use: it needs http, which takes milliseconds to load, and few runs need it.
    return await (await import('./locate-loop.js')).locateLoop(url, AbortSignal.timeout(timeoutMs));
  } catch {
    return {};
  }
}

async function locateThere(enter: NonNullable<Blocked['enter']>, url: string, timeoutMs: number): Promise<Hang> {
  const [command, ...args] = enter([process.execPath, processEntry('hang/locator.js'), String(timeoutMs)]);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: timeoutMs + START_MS,
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {});
  // Not as an argument: every user of the machine can read a command line.
  child.stdin.on('error', () => {}).end(url);
  return JSON.parse(await text(child.stdout)) as Hang;
}
