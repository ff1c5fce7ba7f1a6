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
export type { Barrier, ClosedLoopOptions, OperationContext, ProvokeResult, StartedTogether } from '@chaos/load';
export type { CpuBurnOptions } from '@chaos/resources';
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
  PollExpectOptions,
  RecoverOptions,
  ScaleOptions,
  ToPassOptions,
  ValueMatchers,
} from '@chaos/assert';
export type { ChaosConfig, CommonConfig, ExpectOptions, ProjectOptions } from './define-config.js';
export type { ServiceNames, WithService } from './with-service.js';
export type { TestExpect, TestType } from './test-type.js';
export type { MergedExpect } from './merge-expects.js';
export type { ChaosFixtures } from './chaos-fixtures.js';
export type { ShippedService } from './shipped-service.js';
export type { GetLink } from './fixtures/link.js';
export type { Jwks } from './fixtures/jwks.js';
export type { ClosedLoadOptions, Load, ProvokeLoadOptions, WarmUpLoadOptions } from './fixtures/load.js';
export { http } from './http/http.js';
export type { Http, HttpOperation, HttpOptions, MakeOperation, RequestOptions } from './http/http.js';
export type { Postgres } from './fixtures/postgres.js';
export type { Dns, NameOptions } from './fixtures/dns.js';
export type { Redis } from './fixtures/redis.js';
export type { ProcessLimitOptions, Resources } from './fixtures/resources.js';
export type { ExpectedTargetExit, OperationsOf, Target, TargetControl, TargetExit } from './fixtures/target.js';
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
  LoadParameters,
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
  TargetDriver,
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
