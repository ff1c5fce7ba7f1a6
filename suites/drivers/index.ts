import { withDriver, type ChaosFixtures, type TestType } from '@chaos/test';
import type driver from './sample-service.js';

/** `test` as the suites use it: `target` has the operations of the sample service. */
export const test: TestType<ChaosFixtures<typeof driver>> = withDriver<typeof driver>();
export { BRAKE_LOCK, brakedCommits, commitBrake } from './commit-brake.js';
export { databaseSetting } from './database-setting.js';
export { seeded } from './sample-service.js';
export { serviceSessions, type ServiceSessions } from './service-sessions.js';
export { untilSeen } from './until-seen.js';
/** The sample service as tests see it. */
export type SampleTarget = ChaosFixtures<typeof driver>['target'];
export {
  expect,
  InvariantViolation,
  minimumSamples,
  OperationError,
  outcomeOf,
  type ActiveFault,
  type Fault,
  type Load,
  type LoadResult,
  type Postgres,
  type ResolvedConfig,
} from '@chaos/test';
export type { Account, Booking, CallOptions, Document, Metrics, Transfer } from './sample-service.js';
