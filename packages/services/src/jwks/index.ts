export { startJwks } from './start-jwks.js';
export { useJwks } from './use-jwks.js';
export type { IssueOptions, JwksKey, JwksServer } from './jwks-server.js';
