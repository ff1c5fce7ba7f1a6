import { withDriver, type ChaosFixtures, type TestType } from '@chaos/test';
import type { FurtherOperations, InDriver, SuiteOperations } from './operations.js';

/** A driver with every operation that the suites know; which of them a test calls is in its `needs`. */
interface WholeDriver {
  readonly operations: InDriver<SuiteOperations & FurtherOperations>;
}

/**
 * `test` as the suites use it: `target` has the operations of {@link SuiteOperations} and {@link FurtherOperations}.
 */
export const test: TestType<ChaosFixtures<WholeDriver>> = withDriver<WholeDriver>();
export { keyspaceHits } from './keyspace-hits.js';
export { busyClients, type BusyClients } from './busy-clients.js';
export { accountRows, type AccountRows } from './account-rows.js';
export { LOOK_MS, lockOf, rival, untilItWaits, type Rival } from './rival.js';
export { seeded, seededTables, seededTotal } from './seeded.js';
export { notStarved, runQueueWaitMs } from './starvation.js';
/** Everything that a test of the suites can ask for. */
export type SuiteFixtures = ChaosFixtures<WholeDriver>;
/** The target as the suites see it. */
export type SuiteTarget = ChaosFixtures<WholeDriver>['target'];
export {
  expect,
  InvariantViolation,
  minimumSamples,
  OperationError,
  outcomeOf,
  until,
  activeFault,
  type ActiveFault,
  type Fault,
  type Jwks,
  type Load,
  type Random,
  type Redis,
  type LoadResult,
  type Postgres,
  type PostgresSession,
  type ResolvedConfig,
} from '@chaos/test';
