export { activeFault } from './active-fault.js';
export { checkMilliseconds, LONGEST_MS } from './check-milliseconds.js';
export { checkRange } from './check-range.js';
export {
  CapabilityMissing,
  ChaosError,
  EnvironmentError,
  InvariantViolation,
  UsageError,
  isChaosError,
} from './errors.js';
export { ExitCode } from './exit-code.js';
export { noJournal } from './journal.js';
export { asMachineError, machineFix } from './machine-error.js';
export { makeFolder } from './make-folder.js';
export { printable, printableJson, printableLine, printableOutput } from './printable.js';
export { orAbort } from './or-abort.js';
export { orIdle } from './or-idle.js';
export { OperationError, outcomeOf } from './operation-error.js';
export { projectKeys } from './project-keys.js';
export { replaceFile, tryReplaceFile } from './replace-file.js';
export { redactDeep } from './redact-deep.js';
export {
  heldBack,
  isSecretName,
  markSecret,
  markSecretNames,
  markSecretsIn,
  markSecretsOfShell,
  redact,
  redactBinary,
} from './secrets.js';
export type {
  Attachment,
  Attempt,
  AttemptStatus,
  Recovery,
  Rerun,
  SerializedError,
  StepResult,
  TestOutcome,
} from './attempt.js';
export type { ErrorCode, ErrorCodes } from './error-code.js';
export type { ChaosErrorOptions } from './errors.js';
export type { NumberRange } from './check-range.js';
export type { ActiveFault, Fault, FaultMet, FaultWindow, InjectOptions } from './fault.js';
export type { Incident } from './incident.js';
export type { Journal, JournalEntry, UndoRecipe } from './journal.js';
export type { Json } from './json.js';
export type { LinkDirection } from './link-direction.js';
export type { LatencySummary, LoadReport, LoadResult, LoadTimeline } from './load-result.js';
export type { Outcome } from './operation-error.js';
export type {
  HardwareProfile,
  LoadParameters,
  ProjectConfig,
  Provenance,
  ReadyCheck,
  ResolvedConfig,
  RetryPolicy,
  RunnerConfig,
  ServiceConfig,
  TargetConfig,
} from './resolved-config.js';
export type { Reporter, RunEvent, RunStatus } from './run-event.js';
export type { OverloadVerdict, Sample, SampleScope, SampleSummary } from './sample.js';
export type {
  RunningService,
  ServiceAddress,
  ServiceCapability,
  ServiceCheck,
  ServiceContext,
  ServiceDefinition,
  ServiceDescription,
  ServiceFaults,
  ServiceHandle,
  ServiceMethods,
} from './service-definition.js';
export type { SlotContext, SlotFixture, SlotFixtureReference } from './slot-fixture.js';
export type { DriverContext, DriverOperation, TargetDriver } from './target-driver.js';
export type { Annotation, Location, TestCase } from './test-case.js';
