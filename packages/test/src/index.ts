export { mergeExpects } from './expect/merge-expects.js';
export { mergeTests } from './merge-tests.js';
export { activeFault, InvariantViolation, OperationError, outcomeOf } from '@chaos/spec';
export { minimumSamples } from '@chaos/stats';
export { expect } from './expect/expect.js';
export { until } from './experiment/until.js';
export { defineConfig } from './define-config.js';
export { test, test as default, withDriver } from './test.js';
export { withDependencies } from './with/with-dependencies.js';
export { withTargets } from './with/with-targets.js';
export { withService } from './with/with-service.js';
export type { HistoryMatcherTable } from './expect/expect.js';
export type { Recorder } from '@chaos/history';
export type {
  ArrivalProcess,
  Barrier,
  ClosedLoopOptions,
  OpenLoopOptions,
  OperationContext,
  ProvokeResult,
  RateStage,
  StartedTogether,
} from '@chaos/load';
export type {
  BlockOptions,
  CpuBurnOptions,
  MemoryPressureOptions,
  SmallDisk,
  SmallDiskOptions,
} from '@chaos/resources';
export type { BackendFilter, ShutdownMode } from '@chaos/services/postgres';
export type { IssueOptions } from '@chaos/services/jwks';
export type { Random } from '@chaos/stats';
export type {
  AmountMatchers,
  Assertion,
  Assertions,
  ChaosExpect,
  ConfigureOptions,
  ExpectValue,
  ExtendedAssertions,
  ExtendedExpect,
  FunctionMatchers,
  LatencyLimits,
  LoadMatchers,
  NumberMatchers,
  PollExpect,
  PollExpectOptions,
  RecoverOptions,
  ScaleOptions,
  SoftExpect,
  ToPassOptions,
  ValueMatchers,
} from '@chaos/assert';
export type { ChaosConfig, CommonConfig, ExpectOptions, ProjectOptions } from './define-config.js';
export type { ServiceNames, WithService } from './with/with-service.js';
export type { WithTargets } from './with/with-targets.js';
export type { WithDependencies } from './with/with-dependencies.js';
export type { TestExpect, TestType } from './test-type.js';
export type { MergedExpect } from './expect/merge-expects.js';
export type { ChaosFixtures } from './chaos-fixtures.js';
export type { ShippedService } from './shipped-service.js';
export type { TargetDriver } from './driver/target-driver.js';
export type { GetLink, TestLink } from './fixtures/link.js';
export type { Jwks } from './fixtures/jwks.js';
export type {
  ClosedLoadOptions,
  Load,
  OpenLoadOptions,
  ProvokeLoadOptions,
  WarmUpLoadOptions,
} from './fixtures/load.js';
export { command } from './command/command.js';
export { http } from './http/http.js';
export { sql } from './sql/sql.js';
export type { CommandOperation, CommandOptions } from './command/command.js';
export type { CommandLine } from './command/run-command.js';
export type { GrpcStatus } from './http/grpc-web.js';
export type { GrpcWebOptions, Http, HttpOperation, HttpOptions, MakeOperation, RequestOptions } from './http/http.js';
export type { Sql, SqlOperation, SqlOptions, StatementOptions } from './sql/sql.js';
export type { Postgres } from './fixtures/postgres/postgres.js';
export type { LockTablesOptions } from './fixtures/postgres/database-faults.js';
export type { PostgresSession } from './fixtures/postgres/sessions.js';
export type { WrittenRow } from './fixtures/postgres/written-rows.js';
export type { Experiment, ExperimentOptions, ExperimentResult, SteadyState } from './experiment/experiment.js';
export type { UntilOptions } from './experiment/until.js';
export type { Dns, NameOptions } from './fixtures/dns.js';
export type { Redis, RedisClock } from './fixtures/redis.js';
export type {
  ProcessLimitOptions,
  ProcessMemoryOptions,
  ProcessQuotaOptions,
  Resources,
  SyscallOptions,
} from './fixtures/resources.js';
export type { OperationsOf, Target } from './fixtures/target/target.js';
export type { ExpectedTargetExit, TargetControl, TargetExit, TargetInside } from './fixtures/target/target-control.js';
export type { TargetProgram, TargetReplica, Targets } from './fixtures/target/targets.js';
export type {
  ActiveFault,
  Annotation,
  Attachment,
  DriverContext,
  DriverOperation,
  Fault,
  FaultMet,
  InjectOptions,
  Journal,
  Json,
  LatencySummary,
  LinkDirection,
  LoadArrivals,
  LoadParameters,
  ExperimentReport,
  LoadReport,
  LoadResult,
  LoadTimeline,
  Outcome,
  Recovery,
  ResolvedConfig,
  RunnerConfig,
  SerializedError,
  StepResult,
  TargetConfig,
} from '@chaos/spec';
export type {
  Capability,
  DeclareGroup,
  DeclareGroupOrOnly,
  DeclareHook,
  DeclareTest,
  Describe,
  FailModifier,
  FixtureEntry,
  FixtureOptions,
  FixtureOverrides,
  FixtureScope,
  FixtureValue,
  Fixtures,
  FullConfig,
  FullProject,
  GroupOptions,
  HookBody,
  Lock,
  Modifier,
  RetryOptions,
  RetryWhen,
  SlotHandle,
  Step,
  StepOptions,
  SuiteMode,
  Test,
  TestBody,
  TestDetails,
  TestInfo,
  TestStepInfo,
  ThrownError,
} from '@chaos/runner';
export type { Link, LinkEnds, LinkFaultOptions, LinkFaults } from '@chaos/links/faults';
// All of them: a new fault of a link brings the type of its options.
export type * from '@chaos/links/options';
