export { mergeExpects } from './merge-expects.js';
export { mergeTests } from './merge-tests.js';
export { activeFault, InvariantViolation, OperationError, outcomeOf } from '@chaos/spec';
export { minimumSamples } from '@chaos/stats';
export { expect } from './expect.js';
export { defineConfig } from './define-config.js';
export { test, withDriver } from './test.js';
export { withService } from './with-service.js';
export type { HistoryMatcherTable } from './expect.js';
export type { Recorder } from '@chaos/history';
export type { ChaosConfig, CommonConfig, ExpectOptions, ProjectOptions } from './define-config.js';
export type { ServiceNames, WithService } from './with-service.js';
export type { ShippedService } from './shipped-service.js';
export type { TestType } from './test-type.js';
export type { ChaosFixtures } from './chaos-fixtures.js';
export type { GetLink } from './fixtures/link.js';
export type { Jwks } from './fixtures/jwks.js';
export type { Load } from './fixtures/load.js';
export type { Postgres } from './fixtures/postgres.js';
export type { Dns, NameOptions } from './fixtures/dns.js';
export type { Redis } from './fixtures/redis.js';
export type { Resources } from './fixtures/resources.js';
export type { OperationsOf, Target, TargetControl } from './fixtures/target.js';
export type {
  ActiveFault,
  Annotation,
  DriverContext,
  DriverOperation,
  Fault,
  Json,
  LoadResult,
  Outcome,
  ResolvedConfig,
  TargetDriver,
} from '@chaos/spec';
export type {
  Capability,
  FixtureOptions,
  Fixtures,
  FullConfig,
  FullProject,
  Lock,
  RetryOptions,
  RetryWhen,
  SlotHandle,
  StepOptions,
  TestDetails,
  TestInfo,
  TestStepInfo,
} from '@chaos/runner';
export type { Link, LinkFaultOptions, LinkFaults } from '@chaos/links/faults';
