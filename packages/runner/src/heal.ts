export { findDeadRuns, healDeadRuns } from './ledger/dead-runs.js';
export type { DeadRunOptions } from './ledger/dead-runs.js';
export type { FailedRecipe, HealedRecipe, HealReport } from './ledger/heal.js';
export type { RunHealReport } from './ledger/heal-run.js';
