import { findSourceMap, type SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Location } from '@chaos/spec';

const own = new Set<string>();
// Cache: Node parses a source map again on every request.
const maps = new Map<string, SourceMap>();
const paths = new Map<string, string>();

/** Frames of this file (a path or file URL) never count as the user's call. */
export function ignoreFrames(file: string): void {
  own.add(toPath(file));
}

/** Position of the user's call into our public API. Reads call sites as data, so no stack is formatted. */
export function callerLocation(): Location {
  return locationOf(captureCall(callerLocation, DECLARATION_FRAMES));
}

const DECLARATION_FRAMES = 12;

/** A call, with its frames; they are looked at only by {@link locationOf}. */
export interface Call {
  stack?: NodeJS.CallSite[] | string;
}

/** Notes the call of `below`, with so many frames above it. */
export function captureCall(below: (...args: never[]) => unknown, frames: number): Call {
  const call: Call = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = frames;
  Error.captureStackTrace(call, below);
  Error.stackTraceLimit = stackTraceLimit;
  return call;
}

/** Position in the user's code of a call; no file where it has none. */
export function locationOf(call: Call): Location {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  const { stack } = call;
  Error.prepareStackTrace = prepareStackTrace;
  for (const site of Array.isArray(stack) ? stack : []) {
    const name = site.getFileName();
    // The code of a module: whoever loads it has called nothing of ours.
    if (name?.startsWith('node:internal/modules')) break;
    if (!name || name.startsWith('node:')) continue;
    const file = toPath(name);
    if (!isOwn(file)) return mapped(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
  }
  return { file: '', line: 0, column: 0 };
}

/** Maps a position in compiled code to its source, if there is a map. */
export function mapped(file: string, line: number, column: number): Location {
  let map = maps.get(file);
  if (!map && (map = findSourceMap(file))) maps.set(file, map);
  const entry = map?.findEntry(line - 1, column - 1);
  if (!entry || !('originalLine' in entry)) return { file, line, column };
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

// The bundled file of this module and its siblings belong to us; so do the other packages of ours, in this repository
// or installed, and files that other packages registered.
const dist = toPath(import.meta.url).replace(/[^/\\]+$/, '');
const packages = dist.replace(/[^/\\]+[/\\][^/\\]+[/\\]$/, '');
const INSTALLED = /[/\\]node_modules[/\\]@chaos[/\\][^/\\]+[/\\]dist[/\\]/;
function isOwn(file: string): boolean {
  if (own.has(file) || INSTALLED.test(file)) return true;
  if (file.includes('.chaos.') || file.includes('.test.')) return false;
  return file.startsWith(dist) || (file.startsWith(packages) && /[/\\]dist[/\\]/.test(file));
}

// Cache: the same few files call again and again.
function toPath(name: string): string {
  let path = paths.get(name);
  if (path === undefined) paths.set(name, (path = name.startsWith('file:') ? fileURLToPath(name) : name));
  return path;
}
