export type { OtherAnswer } from './document-server.js';
export { startJwks } from './start-jwks.js';
export { useJwks } from './use-jwks.js';
export type { IssueOptions, JwksKey, JwksServer } from './jwks-server.js';
export type { JwksDefinition } from './definition.js';
