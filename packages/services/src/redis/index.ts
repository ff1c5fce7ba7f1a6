export { locateRedis } from './locate-redis.js';
export { startRedis } from './start-redis.js';
export { useRedis } from './use-redis.js';
export type { LocateRedisOptions, RedisProgram } from './locate-redis.js';
export type { RedisServer } from './redis-server.js';
export type { StartRedisOptions } from './start-redis.js';
export type { UseRedisOptions } from './use-redis.js';
export type { RedisDefinition } from './definition.js';
