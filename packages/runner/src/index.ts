export { test } from './base-test.js';
export { equipTest, mergeTests } from './declare/create-test.js';
export { ignoreFrames } from './data/call-location.js';
export { needing } from './fixtures/parameters.js';
export { currentTestIfAny as currentTest } from './info/current-test.js';
export { started } from './info/started.js';
export { matcherSteps, type MatcherCall, type RunMatcher } from './info/matcher-step.js';
export { loadDriver } from './modules/load-driver.js';
export { loadModule } from './modules/load-module.js';
export type { Capability, Lock, TestDetails } from './declare/details.js';
export type { RetryOptions, RetryWhen, ThrownError } from './retry/retry-options.js';
export type {
  DeclareGroup,
  DeclareGroupOrOnly,
  DeclareHook,
  DeclareTest,
  Describe,
  FailModifier,
  FixtureEntry,
  FixtureOverrides,
  FixtureValue,
  Fixtures,
  GroupOptions,
  HookBody,
  Modifier,
  SlotHandle,
  Step,
  Test,
  TestBody,
  TestType,
} from './declare/test-type.js';
export type { FixtureOptions, FixtureScope } from './fixtures/fixture.js';
export type { FullConfig, FullProject } from './data/full-config.js';
export type { StepOptions, TestStepInfo } from './info/steps.js';
export type { TestInfo } from './info/test-info.js';
export type { SuiteMode } from './declare/suite.js';
