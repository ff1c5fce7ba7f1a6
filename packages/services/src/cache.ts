export { cacheDirectory } from './process/cache-directory.js';
export { serviceAccount } from './process/service-account.js';
export type { ServiceAccount } from './process/service-account.js';
