export { startPostgres } from './start-postgres.js';
export { ownConnection, type OwnConnection } from './own-connection.js';
export { usePostgres } from './use-postgres.js';
export type { OpenTransaction } from './state/open-transactions.js';
export type { BackendFilter, PostgresServer, ShutdownMode } from './postgres-server.js';
export type { StartPostgresOptions } from './start-postgres.js';
export type { UsePostgresOptions } from './use-postgres.js';
export type { PostgresDefinition } from './definition.js';
export type { ExhaustOptions } from './state/exhaust-connections.js';
