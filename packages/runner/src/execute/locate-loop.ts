import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Location } from '@chaos/spec';
import { HANGING, type Hanging } from '../ipc/hanging.js';
import { askInspector, type Take } from './ask-inspector.js';

interface Script {
  readonly url: string;
  /** Of its source map. */
  readonly map: string;
}

interface Place {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Frame {
  readonly location: Place;
}

const LOOK_MS = 10;

// Asked while it stands.
const ASK = { expression: `globalThis[Symbol.for(${JSON.stringify(HANGING)})]?.()`, returnByValue: true };

/** Where a worker hangs. */
export interface Hang {
  /** In the user's code. */
  readonly location?: Location;
  readonly said?: Hanging;
}

/**
 * Where a process is that does not turn its event loop, and what it says of itself: SIGUSR1 makes Node start its
 * inspector on a thread of its own, which can stop even a loop. Between two turns of a loop of ticks or microtasks
 * nothing of the user's is on the stack: then it is stopped at the next statement of the user's, whichever that is.
 * Nothing where that cannot be had: no `/proc`, a program that handles the signal, another network namespace than that
 * of this process.
 */
export async function locateLoop(pid: number, timeoutMs: number): Promise<Hang> {
  const signal = AbortSignal.timeout(timeoutMs);
  const scripts = new Map<string, Script>();
  let said: Hanging | undefined;
  try {
    const before = listening(pid);
    process.kill(pid, 'SIGUSR1');
    const url = await inspectorOf(pid, before, signal);
    let location: Location | undefined;
    let open = 0;
    const look: Take<Hang> = ({ method, params, result }, send) => {
      if (method === 'Debugger.scriptParsed')
        scripts.set(params?.['scriptId'] as string, {
          url: params?.['url'] as string,
          map: (params?.['sourceMapURL'] ?? '') as string,
        });
      if (method === 'Debugger.paused') {
        location = ((params?.['callFrames'] ?? []) as readonly Frame[])
          .map((frame) => locate(frame.location, scripts.get(frame.location.scriptId)))
          .find((found) => found !== undefined);
        send('Runtime.evaluate', ASK);
      }
      if (result?.['result']) {
        said ??= (result['result'] as { readonly value?: Hanging }).value;
        if (location) return { location, ...(said && { said }) };
        const users = [...scripts].filter(([, { url }]) => fileOf(url) !== undefined);
        open = users.length;
        for (const [scriptId] of users) send('Debugger.getPossibleBreakpoints', { start: { scriptId, lineNumber: 0 } });
      }
      if (result?.['locations']) {
        for (const at of result['locations'] as readonly Place[]) send('Debugger.setBreakpoint', { location: at });
        if (--open === 0) send('Debugger.resume');
      }
      return undefined;
    };
    return await askInspector(url, ['Debugger.enable', 'Debugger.pause'], look, signal);
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

// fetch() would have to be loaded first, which takes longer than all the rest.
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

// The user's own file at this address, if it is one.
function fileOf(url: string): string | undefined {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  return !file.startsWith('/') || /\/(node_modules|dist)\//.test(file) ? undefined : file;
}

// A place of the user's, in the source as it was written.
function locate(
  { lineNumber, columnNumber }: Place,
  { url, map }: Script = { url: '', map: '' },
): Location | undefined {
  const file = fileOf(url);
  if (file === undefined) return undefined;
  const inline = /^data:application\/json[^,]*;base64,(.*)$/s.exec(map)?.[1];
  if (inline === undefined) return { file, line: lineNumber + 1, column: columnNumber + 1 };
  const entry = new SourceMap(JSON.parse(Buffer.from(inline, 'base64').toString()) as SourceMapPayload).findEntry(
    lineNumber,
    columnNumber,
  );
  if (!('originalLine' in entry)) return undefined;
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
