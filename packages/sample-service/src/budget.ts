/** Remaining time of a request. Every wait in it takes its time-out from here. */
export interface Budget {
  /** Time in which another attempt may start: 60 % of the request's time, ms. */
  remainingToStartMs(): number;
  /** Time until the answer must be sent: 95 % of the request's time, ms. At least 1, so that it is a valid time-out. */
  remainingMs(): number;
}

/** Starts the clock of a request that has to be answered within `timeoutMs`. */
export function startBudget(timeoutMs: number): Budget {
  const startMs = performance.now();
  const left = (share: number): number => startMs + timeoutMs * share - performance.now();
  return {
    remainingToStartMs: () => left(0.6),
    remainingMs: () => Math.max(1, Math.ceil(left(0.95))),
  };
}
