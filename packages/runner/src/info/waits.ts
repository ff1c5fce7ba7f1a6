import { monotonicMs } from '../real-time.js';
import { userLocation } from '../data/serialize-error.js';
import type { Location } from '@chaos/spec';

/** An open wait, and the stack of its caller. */
export interface Wait {
  readonly what: string;
  readonly sinceMs: number;
  readonly holder: { readonly stack?: string };
  /** What it has come to so far, for people. */
  readonly progress: (() => string) | undefined;
}

/** Options of a wait. */
export interface WaitOptions {
  /** Not shown: another wait names it. */
  readonly quiet?: boolean;
  /** Not registered inside other work, which stands for it: calls that a load makes by the thousand. */
  readonly onlyAlone?: boolean;
  /** What it has come to so far, for people. */
  readonly progress?: () => string;
}

// One list per process, which runs one test at a time.
const open = new Set<Wait>();

/** Registers a wait, to explain where a test hangs; returns a function that ends the wait. */
export function waitingFor(what: string): () => void {
  const wait = beginWait(what, waitingFor);
  return () => endWait(wait);
}

/** The same, with the position of the call of `below`. A quiet wait is not shown. */
export function beginWait(
  what: string,
  below: (...args: never[]) => unknown,
  { quiet = false, progress }: WaitOptions = {},
): Wait {
  const holder: { stack?: string } = {};
  // Formatted only on request; most waits never need it.
  Error.captureStackTrace(holder, below);
  const wait = { what, sinceMs: monotonicMs(), holder, progress };
  if (!quiet) open.add(wait);
  return wait;
}

export function endWait(wait: Wait): void {
  open.delete(wait);
}

/** Position of a wait: in this file if it comes from there. */
export function placeOf({ holder }: Wait, file: string | undefined): Location | undefined {
  return userLocation(holder.stack ?? '', file) ?? userLocation(holder.stack ?? '');
}

/** Open waits with their age in ms and their position: in this file if they come from there. */
export function openWaits(
  file: string | undefined,
): readonly { readonly what: string; readonly forMs: number; readonly location?: Location }[] {
  return [...open].map((wait) => {
    const location = placeOf(wait, file);
    const soFar = wait.progress === undefined ? '' : ` (so far ${wait.progress()})`;
    return { what: wait.what + soFar, forMs: monotonicMs() - wait.sinceMs, ...(location && { location }) };
  });
}
