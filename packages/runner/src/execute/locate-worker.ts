import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { processEntry } from '../process-entry.js';
import type { Home } from './home.js';
import type { Hang } from '../signals/look-for-loop.js';

// Extra time, because a node process must start there first.
const START_MS = 1000;

/**
 * {@link locateLoop} for a worker. Runs inside the worker's network namespace if it has one, because its inspector
 * listens there.
 */
export async function locateWorker(pid: number, home: Home | undefined, timeoutMs: number): Promise<Hang> {
  // Import on use: it needs http, which takes milliseconds to load, and few runs need it.
  if (!home) return (await import('./locate-loop.js')).locateLoop(pid, timeoutMs);
  const [command, ...args] = home.enter([
    process.execPath,
    processEntry('execute/locator.js'),
    String(pid),
    String(timeoutMs),
  ]);
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
