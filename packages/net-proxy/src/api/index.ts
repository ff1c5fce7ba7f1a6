export { createApiServer } from './create-api-server.js';
export type { ApiServer, ApiServerOptions } from './create-api-server.js';
export { startApiThread } from './start-api-thread.js';
export type { ApiThread } from './start-api-thread.js';
