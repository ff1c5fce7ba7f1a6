import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const WINDOW_MS = 1000;

/**
 * Watches by how much the event loop is late. The function that it returns tells the longest delay of the last one to
 * two seconds, ms.
 */
export function watchEventLoop(): () => number {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let last = 0;
  const current = (): number => Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
  setInterval(() => {
    last = current();
    delays.reset();
  }, WINDOW_MS).unref();
  return () => Math.round(Math.max(last, current()));
}
