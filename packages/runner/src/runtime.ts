// All that runs in workers and slots together with test files, in one CommonJS file (decision 0013): what collects
// tests must be there once for the process and for whatever it imports.
export * from './index.js';

/** Makes this process a worker. */
export const worker = (): Promise<unknown> => import('./worker/main.js');

/** Makes this process a slot. */
export const slot = (): Promise<unknown> => import('./slot/main.js');
