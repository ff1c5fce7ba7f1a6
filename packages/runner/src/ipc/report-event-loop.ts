import type { EventLoopReading } from '@chaos/monitor';

/** Sends figures of this process's event loop every `intervalMs`. Does not keep the process alive. */
export async function reportEventLoop(intervalMs: number, notify: (reading: EventLoopReading) => void): Promise<void> {
  // Import on use: most workers never measure.
  const { watchEventLoop } = await import('@chaos/monitor');
  const watch = watchEventLoop();
  setInterval(() => notify(watch.read()), intervalMs).unref();
}
