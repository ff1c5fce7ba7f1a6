import type { EnvironmentError } from '@chaos/spec';
import type { Check } from './check.js';

/** Checks for leftovers of killed runs, and that the state folder of runs belongs to this user. */
export async function checkLeftovers(): Promise<Check> {
  const { findDeadRuns } = await import('@chaos/runner/heal');
  let dead: readonly string[];
  try {
    dead = findDeadRuns();
  } catch (error) {
    const { message, hint } = error as EnvironmentError;
    return { name: 'leftovers', status: 'fail', detail: message, ...(hint !== undefined && { fix: hint }) };
  }
  return dead.length === 0
    ? { name: 'leftovers', status: 'ok', detail: 'none' }
    : {
        name: 'leftovers',
        status: 'warn',
        detail: `${dead.length} killed runs (${dead.join(', ')})`,
        fix: 'Run: chaos heal (the next run does so by itself).',
      };
}
