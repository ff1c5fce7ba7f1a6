import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Location } from '@chaos/spec';
import { askInspector, type InspectorMessage } from './ask-inspector.js';

interface Script {
  readonly url: string;
  /** Of its source map. */
  readonly map: string;
}

interface Frame {
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}

const LOOK_MS = 10;
// Between two turns of a loop of ticks there is nothing of the user's on the stack.
const STOPS = 10;

/**
 * Where a process is that does not turn its event loop: SIGUSR1 makes Node start its inspector on a thread of its own, which can stop
 * even a loop. `undefined` where that cannot be had: no `/proc`, another network namespace, a program that handles the signal.
 */
export async function locateLoop(pid: number, timeoutMs: number): Promise<Location | undefined> {
  const signal = AbortSignal.timeout(timeoutMs);
  const scripts = new Map<string, Script>();
  try {
    const before = listening(pid);
    process.kill(pid, 'SIGUSR1');
    const url = await inspectorOf(pid, before, signal);
    let stops = 0;
    const look = (message: InspectorMessage): { readonly location: Location | undefined } | undefined => {
      const frames = framesOf(message, scripts);
      if (!frames) return undefined;
      const location = frames.map((frame) => locate(frame, scripts.get(frame.location.scriptId))).find((found) => found !== undefined);
      return location || ++stops === STOPS ? { location } : undefined;
    };
    const commands = Array.from({ length: STOPS }, () => ['Debugger.pause', 'Debugger.resume']).flat();
    return (await askInspector(url, ['Debugger.enable', ...commands], look, signal)).location;
  } catch {
    return undefined;
  }
}

async function inspectorOf(pid: number, before: ReadonlySet<number>, signal: AbortSignal): Promise<string> {
  for (;;) {
    for (const port of listening(pid)) {
      if (before.has(port)) continue;
      const [target] = JSON.parse(await read(`http://127.0.0.1:${port}/json/list`, signal)) as { webSocketDebuggerUrl: string }[];
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
  const fields = lines.map((line) => line.trim().split(/\s+/)).filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode));
  return new Set(fields.map(([, address]) => Number.parseInt(address?.split(':')[1] ?? '', 16)));
}

function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}

function framesOf({ method, params }: InspectorMessage, scripts: Map<string, Script>): readonly Frame[] | undefined {
  const { scriptId, url, sourceMapURL, callFrames } = params ?? {};
  if (method === 'Debugger.scriptParsed') scripts.set(scriptId as string, { url: url as string, map: (sourceMapURL ?? '') as string });
  return method === 'Debugger.paused' ? (callFrames as readonly Frame[]) : undefined;
}

// The first frame of the user's, in the source as it was written.
function locate({ location: { lineNumber, columnNumber } }: Frame, { url, map }: Script = { url: '', map: '' }): Location | undefined {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (!file.startsWith('/') || /\/(node_modules|dist)\//.test(file)) return undefined;
  const inline = /^data:application\/json[^,]*;base64,(.*)$/s.exec(map)?.[1];
  if (inline === undefined) return { file, line: lineNumber + 1, column: columnNumber + 1 };
  const entry = new SourceMap(JSON.parse(Buffer.from(inline, 'base64').toString()) as SourceMapPayload).findEntry(lineNumber, columnNumber);
  if (!('originalLine' in entry)) return undefined;
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
