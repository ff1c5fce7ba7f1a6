export { cpuBurn } from './cpu-burn.js';
export { descriptorLimit } from './descriptor-limit.js';
export { killProcess } from './kill-process.js';
export { pauseProcess } from './pause-process.js';
export type { CpuBurnOptions } from './cpu-burn.js';
export type { DescriptorLimitOptions } from './descriptor-limit.js';
export type { KillProcessOptions } from './kill-process.js';
export type { PauseProcessOptions } from './pause-process.js';
