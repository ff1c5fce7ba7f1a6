import { monotonicMs } from '../real-time.js';
import { userLocation } from '../serialize-error.js';
import type { Location } from '@chaos/spec';

/** Something that is waited for, and the stack of whoever waits. */
export interface Wait {
  readonly what: string;
  readonly sinceMs: number;
  readonly holder: { readonly stack?: string };
}

// One for the process: it runs one test at a time.
const open = new Set<Wait>();

/**
 * Notes that something is waited for, to tell whoever asks where a test hangs; call what it returns when the wait is
 * over.
 */
export function waitingFor(what: string): () => void {
  const wait = beginWait(what, waitingFor);
  return () => endWait(wait);
}

/** The same, for who wants to know the place, too: that of the call of `below`. A quiet one is told to nobody. */
export function beginWait(what: string, below: (...args: never[]) => unknown, quiet = false): Wait {
  const holder: { stack?: string } = {};
  // Formatted for whoever asks; most never do.
  Error.captureStackTrace(holder, below);
  const wait = { what, sinceMs: monotonicMs(), holder };
  if (!quiet) open.add(wait);
  return wait;
}

export function endWait(wait: Wait): void {
  open.delete(wait);
}

/** Where a wait comes from: in this file, if it does. */
export function placeOf({ holder }: Wait, file: string | undefined): Location | undefined {
  return userLocation(holder.stack ?? '', file) ?? userLocation(holder.stack ?? '');
}

/** What is waited for now, for how many milliseconds, and where: in this file, if it comes from there. */
export function openWaits(
  file: string | undefined,
): readonly { readonly what: string; readonly forMs: number; readonly location?: Location }[] {
  return [...open].map((wait) => {
    const location = placeOf(wait, file);
    return { what: wait.what, forMs: monotonicMs() - wait.sinceMs, ...(location && { location }) };
  });
}
