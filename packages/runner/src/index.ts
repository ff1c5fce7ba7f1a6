export { test } from './base-test.js';
export { equipTest, mergeTests } from './declare/create-test.js';
export { ignoreFrames } from './declare/location.js';
export { needing } from './fixtures/parameters.js';
export { currentTestIfAny as currentTest } from './info/current-test.js';
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
export type { FullConfig, FullProject } from './info/full-config.js';
export type { StepOptions, TestStepInfo } from './info/steps.js';
export type { TestInfo } from './info/test-info.js';
export type { SuiteMode } from './declare/suite.js';
