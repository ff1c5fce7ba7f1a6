export { locateRedis } from './locate-redis.js';
export { startRedis } from './start-redis.js';
export { useRedis } from './use-redis.js';
export type { LocateRedisOptions } from './locate-redis.js';
export type { RedisProgram } from './redis-program.js';
export type { RedisServer } from './redis-server.js';
export type { StartRedisOptions } from './start-redis.js';
export type { UseRedisOptions } from './use-redis.js';
