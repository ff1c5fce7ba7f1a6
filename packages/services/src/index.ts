// Each service has its own subpath; this index exports only types, so importing it loads nothing.
export type { BackendFilter, PostgresServer, ShutdownMode } from './postgres/postgres-server.js';
export type { IssueOptions, JwksKey, JwksServer } from './jwks/jwks-server.js';
export type { RedisServer } from './redis/redis-server.js';
export type { TargetOptions, TargetProcess } from './target/target-process.js';
