import type { Check } from './check.js';

/** Whether killed runs have left anything. */
export async function checkLeftovers(): Promise<Check> {
  const { findDeadRuns } = await import('@chaos/runner/heal');
  const dead = findDeadRuns();
  return dead.length === 0
    ? { name: 'leftovers', status: 'ok', detail: 'none' }
    : {
        name: 'leftovers',
        status: 'warn',
        detail: `${dead.length} killed runs (${dead.join(', ')})`,
        fix: 'Run: chaos heal (the next run does so by itself).',
      };
}
