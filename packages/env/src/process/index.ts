export { carriesEnvironment } from './carries-environment.js';
export { currentProcess, identityOf, isRunning } from './process-identity.js';
export { descendantsOf, withDescendants } from './with-descendants.js';
export { hasEnded, listProcesses, readProcessStat } from './process-stat.js';
export { killTree } from './kill-tree.js';
export { sendSignal } from './send-signal.js';
export { untilGone } from './until-gone.js';
export type { ProcessIdentity } from './process-identity.js';
export type { ProcessStat } from './process-stat.js';
