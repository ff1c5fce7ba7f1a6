export type { CallOptions, FurtherOperations, SuiteDriver, SuiteOperations } from './drivers/operations.js';
