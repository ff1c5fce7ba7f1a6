import type { ServiceDescription } from '@chaos/spec';
import { jwksDescription } from './jwks/description.js';
import { postgresDescription } from './postgres/description.js';
import { redisDescription } from './redis/description.js';

/** The services that ship with chaos, as the configuration sees them. Importing this does not load the services. */
export const SHIPPED: readonly ServiceDescription[] = [postgresDescription, redisDescription, jwksDescription];
