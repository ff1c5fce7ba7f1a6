import type { ServiceDescription } from '@chaos/spec';

/** PostgreSQL for the configuration. */
export const postgresDescription: ServiceDescription<'postgres'> = {
  name: 'postgres',
  title: 'PostgreSQL',
  protocols: { 'postgres:': 5432, 'postgresql:': 5432 },
};
