import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
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
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((name) => socketOf(`/proc/${pid}/fd/${name}`)));
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'latin1').split('\n').slice(1);
  const fields = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode));
  return new Set(fields.map(([, address]) => Number.parseInt(address?.split(':')[1] ?? '', 16)));
}

function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}
