import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

/** Figures of the calling thread's event loop since the last reading. */
export interface EventLoopReading {
  /** p99 of the delay, in milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Time in garbage collection, in milliseconds. */
  readonly gcMs: number;
}

/** Watches the event loop of the thread that created it. Does not keep the process alive. */
export interface EventLoopWatch extends Disposable {
  /** Returns the figures since the last call. */
  read(): EventLoopReading;
}

const RESOLUTION_MS = 10;

/**
 * Watches delay and garbage collection of this thread's event loop. Pass the result to {@link Monitor.reportEventLoop},
 * or send it to the thread that has the monitor.
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
      // The histogram holds the time between two ticks of its timer, not their lateness.
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
