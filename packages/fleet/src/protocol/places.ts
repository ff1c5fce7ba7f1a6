/** Queue of the runs that are under way. */
export const RUNS = 'chaos-runs';

/** Queues of a run. */
export const planOf = (runId: string): string => `chaos-${runId}-plan`;
export const agentsOf = (runId: string): string => `chaos-${runId}-agents`;
export const eventsOf = (runId: string): string => `chaos-${runId}-events`;
export const unitsOf = (runId: string, unitClass: string): string => `chaos-${runId}-units-${unitClass}`;
