import { createOperationRunner } from '../database/operation-runner.js';
import { createDigests, type Digests } from '../digests/digests.js';
import { createStock, type Stock } from '../domain/stock.js';
import { createJobs, type JobParts, type Jobs } from '../exclusive/jobs.js';
import { createLeases } from '../exclusive/leases.js';
import { createSettlements, storeFenced, type Settlements, type StoreSettlement } from '../exclusive/settlements.js';
import { createReservations, type Reservations } from '../planning/reservations.js';
import { createRosters, type Rosters } from '../planning/rosters.js';
import type { Settings } from '../settings.js';

/** A lease that is not given back ends after this. */
const LEASE_MS = 1000;

type Database = Parameters<typeof createRosters>[0];

/** Replaceable parts of the use cases that need locks, whole ranges, or much CPU time. */
export interface FurtherParts {
  readonly operationRunner: typeof createOperationRunner;
  readonly stock: (parts: Database) => Stock;
  readonly rosters: (parts: Database) => Rosters;
  readonly reservations: (parts: Database) => Reservations;
  readonly jobs: (parts: JobParts) => Jobs;
  readonly storeSettlement: StoreSettlement;
  readonly digests: () => Digests;
  /** Requests in progress beyond which further ones are shed. */
  readonly requestLimit: (settings: Settings) => number;
  /** Fields that a GraphQL request may ask for: each root field is a statement, and the pool is everybody's. */
  readonly graphqlFields: number;
}

/** The healthy ones. */
export const healthyFurtherParts: FurtherParts = {
  operationRunner: createOperationRunner,
  stock: createStock,
  rosters: (parts) => createRosters(parts),
  reservations: (parts) => createReservations(parts),
  jobs: createJobs,
  storeSettlement: storeFenced,
  digests: createDigests,
  requestLimit: ({ maxQueue }) => maxQueue,
  graphqlFields: 50,
};

/** The use cases that are made of them. */
export interface FurtherService extends Pick<FurtherParts, 'graphqlFields'> {
  readonly rosters: Rosters;
  readonly reservations: Reservations;
  readonly jobs: Jobs;
  readonly settlements: Settlements;
  readonly digests: Digests;
  readonly requestLimit: number;
  closeFurther(): Promise<void>;
}

/** Wires them together. */
export function composeFurther(settings: Settings, parts: FurtherParts, database: Database & JobParts): FurtherService {
  const leases = createLeases({
    url: settings.redisUrl,
    ttlMs: LEASE_MS,
    commandTimeoutMs: settings.redisTimeoutMs,
  });
  const digests = parts.digests();
  return {
    rosters: parts.rosters(database),
    reservations: parts.reservations(database),
    jobs: parts.jobs(database),
    settlements: createSettlements({ statements: database.statements, leases }, parts.storeSettlement),
    digests,
    requestLimit: parts.requestLimit(settings),
    graphqlFields: parts.graphqlFields,
    async closeFurther() {
      leases.close();
      await digests.close();
    },
  };
}
