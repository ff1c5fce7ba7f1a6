import { watchEventLoop, type EventLoopReading } from '@chaos/monitor';

/** Tells every `intervalMs` how this process's event loop did. Keeps no process alive. */
export function reportEventLoop(intervalMs: number, notify: (reading: EventLoopReading) => void): void {
  const watch = watchEventLoop();
  setInterval(() => notify(watch.read()), intervalMs).unref();
}
