export { probeHttp } from './ready/probe-http.js';
export { probePort } from './ready/ready-probe.js';
export { startTarget } from './start-target.js';
export { substitute } from './substitute.js';
export type { ExpectedExit } from './watch/expect-exit.js';
export type { PlaceholderValues } from './substitute.js';
export type { TargetOptions, TargetProcess } from './target-process.js';
