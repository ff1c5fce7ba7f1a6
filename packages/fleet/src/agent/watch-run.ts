import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../protocol/messages.js';
import { RUNS } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';

const POLL_MS = 250;

/** Options of {@link watchRun}. */
export interface WatchRunOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly runId: string;
  readonly leaseMs: number;
  readonly onManifest: (manifest: Manifest) => void;
  /** The run is gone, or its coordinator gave no sign of life for twice the time of a lease. */
  readonly onLost: (why: string) => void;
}

/** Looks at a run until the returned controller aborts. */
export function watchRun(options: WatchRunOptions): AbortController {
  const controller = new AbortController();
  watch(options, controller.signal).catch((error: unknown) => {
    if (!controller.signal.aborted) options.onLost(`the run cannot be watched: ${(error as Error).message}`);
  });
  return controller;
}

async function watch(options: WatchRunOptions, signal: AbortSignal): Promise<void> {
  const { store, seal, runId, leaseMs, onManifest, onLost } = options;
  let beat = -1;
  let seen = performance.now();
  while (!signal.aborted) {
    const entry = await store.get(RUNS, runId);
    if (signal.aborted) return;
    if (entry === undefined) return onLost('the run is over');
    const manifest = seal.open<Manifest>(`${runId}/manifest`, entry.data);
    if (manifest !== undefined) {
      if (manifest.beat !== beat) seen = performance.now();
      beat = manifest.beat;
      onManifest(manifest);
    }
    if (performance.now() - seen > 2 * leaseMs) return onLost('its coordinator is gone');
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
