/** The one clock of a history: nanoseconds since it was made, never backwards. */
export interface Clock {
  /** Milliseconds since the Unix epoch at which it showed 0. */
  readonly startedMs: number;
  now(): number;
  /** What it showed at a moment of the wall clock, in milliseconds since the Unix epoch. */
  at(epochMs: number): number;
}

export function createClock(): Clock {
  const start = performance.now();
  // The wall clock as it was when the process started: a step of it since then would shift the faults against the
  // operations.
  const startedMs = performance.timeOrigin + start;
  return {
    startedMs,
    now: () => Math.round((performance.now() - start) * 1e6),
    at: (epochMs) => Math.round((epochMs - startedMs) * 1e6),
  };
}
