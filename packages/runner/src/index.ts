export { test } from './base-test.js';
export { mergeTests } from './declare/create-test.js';
export { ignoreFrames } from './declare/location.js';
export { currentTestIfAny as currentTest } from './info/current-test.js';
export { loadModule } from './load/load-module.js';
export type { TestDetails } from './declare/details.js';
export type { Describe, FixtureValue, Fixtures, Modifier, SlotHandle, Step, TestBody, TestType } from './declare/test-type.js';
export type { FixtureOptions, FixtureScope } from './fixtures/fixture.js';
export type { TestInfo } from './info/test-info.js';
