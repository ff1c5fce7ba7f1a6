import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { processEntry } from '../process-entry.js';
import type { Hang } from './look-for-loop.js';

// Extra time, because a node process must start there first.
const START_MS = 1000;

/**
 * {@link locateLoop} for a worker or a slot. Its inspector listens inside its network namespace, if it has one: `enter`
 * wraps a command so that it runs there.
 */
export async function locateWorker(
  pid: number,
  enter: ((argv: readonly string[]) => readonly [string, ...string[]]) | undefined,
  timeoutMs: number,
): Promise<Hang> {
  // Import on use: it needs http, which takes milliseconds to load, and few runs need it.
  if (!enter) return (await import('./locate-loop.js')).locateLoop(pid, timeoutMs);
  const [command, ...args] = enter([process.execPath, processEntry('hang/locator.js'), String(pid), String(timeoutMs)]);
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      timeout: timeoutMs + START_MS,
      killSignal: 'SIGKILL',
    });
    return JSON.parse(stdout) as Hang;
  } catch {
    return {};
  }
}
