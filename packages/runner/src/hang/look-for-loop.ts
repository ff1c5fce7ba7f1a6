import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Location } from '@chaos/spec';
import { HANGING, type Hanging } from './hanging.js';

/** A message of the Chrome DevTools Protocol. */
export interface InspectorMessage {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** For a command. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** Gets messages, and a function that sends further commands; a returned value ends the session. */
export type Take<T> = (message: InspectorMessage, send: (method: string, params?: object) => void) => T | undefined;

/** Position of hanging code. */
export interface Hang {
  /** In the user's code. */
  readonly location?: Location;
  readonly said?: Hanging;
}

interface Script {
  readonly url: string;
  /** For its source map. */
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

// Asked while the code is paused.
const ASK = { expression: `globalThis[Symbol.for(${JSON.stringify(HANGING)})]?.()`, returnByValue: true };

/** First commands of an inspector session for {@link lookForLoop}. */
export const LOOK: readonly string[] = ['Debugger.enable', 'Debugger.pause'];

/**
 * An inspector session with code that blocks its event loop: finds its position, and its own description. Between two
 * turns of a loop of ticks or microtasks no user code is on the stack: then it stops at the next statement of user
 * code, whichever that is. `onSaid` gets the description even if the position is never found.
 */
export function lookForLoop(onSaid: (said: Hanging) => void = () => {}): Take<Hang> {
  const scripts = new Map<string, Script>();
  let said: Hanging | undefined;
  let location: Location | undefined;
  let open = 0;
  return ({ method, params, result }, send) => {
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
      if (said) onSaid(said);
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
}

// The user's own file at this address, if it is one.
function fileOf(url: string): string | undefined {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  return !file.startsWith('/') || /\/(node_modules|dist)\//.test(file) ? undefined : file;
}

// A position in user code, mapped to the original source.
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
