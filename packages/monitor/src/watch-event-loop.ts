import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

/** How the calling thread's event loop did since the last reading. */
export interface EventLoopReading {
  /** p99 of the delay, in milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Time in garbage collection, in milliseconds. */
  readonly gcMs: number;
}

/** Watches the event loop of the thread that made it. Keeps no process alive. */
export interface EventLoopWatch extends Disposable {
  /** What happened since the last call. */
  read(): EventLoopReading;
}

const RESOLUTION_MS = 10;

/**
 * Watches delay and garbage collection of this thread's event loop, for {@link Monitor.reportEventLoop} or a message to
 * who has the monitor.
 */
export function watchEventLoop(): EventLoopWatch {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let gcMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  delay.enable();
  return {
    read() {
      // The histogram holds the time between two ticks of its timer, not how late they were.
      const eventLoopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
      const reading = { eventLoopDelayMs, gcMs };
      delay.reset();
      gcMs = 0;
      return reading;
    },
    [Symbol.dispose]() {
      observer.disconnect();
      delay.disable();
    },
  };
}
