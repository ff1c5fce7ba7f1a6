import type { EventLoopReading } from '@chaos/monitor';

/** Tells every `intervalMs` how this process's event loop did. Keeps no process alive. */
export async function reportEventLoop(intervalMs: number, notify: (reading: EventLoopReading) => void): Promise<void> {
  // Most workers never measure.
  const { watchEventLoop } = await import('@chaos/monitor');
  const watch = watchEventLoop();
  setInterval(() => notify(watch.read()), intervalMs).unref();
}
