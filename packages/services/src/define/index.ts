export { checkProgram } from './check-program.js';
export { defineService } from './define-service.js';
export { locateProgram } from './locate-program.js';
export { programCapability } from './program-capability.js';
export { startProcess } from './start-process.js';
export type { Program } from '../process/download-package.js';
export type { LocateProgramOptions } from './locate-program.js';
export type { SlotProcess, StartProcessOptions } from './start-process.js';
