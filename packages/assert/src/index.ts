export { setExpectHost } from './expect-host.js';
export { expect, expectWith } from './expect.js';
export { loadExpect } from './load-expect.js';
export type {
  AmountMatchers,
  Assertion,
  Assertions,
  ChaosMatchers,
  FunctionMatchers,
  LoadMatchers,
  NumberMatchers,
  ValueMatchers,
} from './assertions.js';
export type {
  ChaosExpect,
  ConfigureOptions,
  CustomAssertions,
  CustomMatcher,
  ExpectValue,
  ExtendedAssertions,
  ExtendedExpect,
  MatcherTable,
  PollExpect,
  PollExpectOptions,
  SoftExpect,
} from './chaos-expect.js';
export type { ExpectHost, ExpectStep } from './expect-host.js';
export type { LatencyLimits } from './matchers/to-have-latency-below.js';
export type { ToPassOptions } from './matchers/to-pass.js';
export type { RecoverOptions } from './matchers/to-recover-within.js';
export type { ScaleOptions } from './matchers/to-scale-with.js';
