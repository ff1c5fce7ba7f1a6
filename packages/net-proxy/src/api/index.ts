export { createApiServer } from './create-api-server.js';
export type { ApiServer, ApiServerOptions } from './create-api-server.js';
