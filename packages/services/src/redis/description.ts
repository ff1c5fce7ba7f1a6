import type { ServiceDescription } from '@chaos/spec';

/** Redis for the configuration. */
export const redisDescription: ServiceDescription<'redis'> = {
  name: 'redis',
  title: 'Redis',
  protocols: { 'redis:': 6379, 'rediss:': 6379 },
};
