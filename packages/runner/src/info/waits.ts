import { monotonicMs } from '../real-time.js';
import { userLocation } from '../serialize-error.js';
import type { Location } from '@chaos/spec';

interface Wait {
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
  const holder: { stack?: string } = {};
  // Formatted for whoever asks; most never do.
  Error.captureStackTrace(holder, waitingFor);
  const wait = { what, sinceMs: monotonicMs(), holder };
  open.add(wait);
  return () => void open.delete(wait);
}

/** What is waited for now, for how many milliseconds, and where: in this file, if it comes from there. */
export function openWaits(
  file: string | undefined,
): readonly { readonly what: string; readonly forMs: number; readonly location?: Location }[] {
  return [...open].map(({ what, sinceMs, holder }) => {
    const location = userLocation(holder.stack ?? '', file) ?? userLocation(holder.stack ?? '');
    return { what, forMs: monotonicMs() - sinceMs, ...(location && { location }) };
  });
}
