export { startTarget } from './start-target.js';
export { PLACEHOLDERS, substitute } from './substitute.js';
export type { PlaceholderValues } from './substitute.js';
export type { TargetOptions, TargetProcess } from './target-process.js';
