import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { heldSockets, listeningSockets } from '@chaos/env/process';
import type { Hanging } from './hanging.js';
import { LOOK, lookForLoop, type Hang } from './look-for-loop.js';
import { askInspector } from './ask-inspector.js';

const LOOK_MS = 10;

/**
 * Finds the position of a process whose event loop is blocked, and its own description of it. SIGUSR1 makes Node start
 * its inspector on a separate thread, which can interrupt even a loop. Empty if that is impossible: no `/proc`, a
 * program that handles the signal, or another network namespace than this process's.
 */
export async function locateLoop(pid: number, timeoutMs: number): Promise<Hang> {
  const signal = AbortSignal.timeout(timeoutMs);
  let said: Hanging | undefined;
  try {
    const before = listening(pid);
    process.kill(pid, 'SIGUSR1');
    const url = await inspectorOf(pid, before, signal);
    return await askInspector(
      url,
      LOOK,
      lookForLoop((words) => (said = words)),
      signal,
    );
  } catch {
    return said ? { said } : {};
  }
}

async function inspectorOf(pid: number, before: ReadonlySet<number>, signal: AbortSignal): Promise<string> {
  for (;;) {
    for (const port of listening(pid)) {
      if (before.has(port)) continue;
      const [target] = JSON.parse(await read(`http://127.0.0.1:${port}/json/list`, signal)) as {
        webSocketDebuggerUrl: string;
      }[];
      if (target) return target.webSocketDebuggerUrl;
    }
    await delay(LOOK_MS, undefined, { signal });
  }
}

// Loading fetch() would take longer than everything else here.
async function read(url: string, signal: AbortSignal): Promise<string> {
  const [response] = (await once(get(url, { signal, agent: false }), 'response')) as [IncomingMessage];
  return text(response);
}

function listening(pid: number): ReadonlySet<number> {
  const sockets = listeningSockets(pid);
  if (sockets === undefined) throw new Error(`Cannot see where process ${pid} listens`);
  const own = heldSockets(pid);
  return new Set(sockets.filter(({ inode }) => own.has(inode)).map(({ port }) => port));
}
