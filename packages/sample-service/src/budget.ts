/** How much time a request has left. Every wait on its way takes its time-out from here. */
export interface Budget {
  /** Until no further attempt is begun: 60 % of the request's time. */
  remainingToStartMs(): number;
  /** Until it has to be answered: 95 % of the request's time. At least 1, so that it can be a time-out. */
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
