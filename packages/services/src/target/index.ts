export { startTarget } from './start-target.js';
export { substitute } from './substitute.js';
export type { ExpectedExit } from './watch/expect-exit.js';
export type { PlaceholderValues } from './substitute.js';
export type { TargetOptions, TargetProcess } from './target-process.js';
