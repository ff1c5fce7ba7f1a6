// Code that runs in workers and slots together with test files, in one CommonJS file (decision 0013): the collector of
// tests must exist once for the process and everything it imports.
export * from './index.js';

/** Turns this process into a worker. */
export const worker = (): Promise<unknown> => import('./worker/main.js');

/** Turns this process into a slot. */
export const slot = (): Promise<unknown> => import('./slot/main.js');
