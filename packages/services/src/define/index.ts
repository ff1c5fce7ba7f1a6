export { defineService } from './define-service.js';
export { startProcess } from './start-process.js';
export type { SlotProcess, StartProcessOptions } from './start-process.js';
