// Each service is a subpath of its own; here are only their types, so that importing this loads nothing.
export type { BackendFilter, PostgresServer, ShutdownMode } from './postgres/postgres-server.js';
export type { IssueOptions, JwksKey, JwksServer } from './jwks/jwks-server.js';
export type { RedisServer } from './redis/redis-server.js';
export type { TargetOptions, TargetProcess } from './target/target-process.js';
