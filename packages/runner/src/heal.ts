export { healDeadRuns } from './ledger/dead-runs.js';
