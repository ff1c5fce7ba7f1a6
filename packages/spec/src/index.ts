export { activeFault } from './faults/active-fault.js';
export { checkMilliseconds, LONGEST_MS } from './checks/check-milliseconds.js';
export { checkRan, checkRunnable } from './checks/check-runnable.js';
export { nearest } from './checks/nearest.js';
export { checkRange } from './checks/check-range.js';
export {
  CapabilityMissing,
  ChaosError,
  EnvironmentError,
  InvariantViolation,
  UsageError,
  isChaosError,
} from './errors/errors.js';
export { saysWrongData } from './errors/wrong-data.js';
export { ExitCode } from './errors/exit-code.js';
export { noJournal } from './faults/journal.js';
export { asMachineError, machineFix } from './errors/machine-error.js';
export { makeFolder } from './files/make-folder.js';
export { mapMembers } from './map-members.js';
export { printable, printableJson, printableLine, printableOutput } from './printable.js';
export { abortWithin } from './waiting/abort-within.js';
export { orAbort } from './waiting/or-abort.js';
export { orIdle } from './waiting/or-idle.js';
export { OperationError, outcomeOf } from './errors/operation-error.js';
export { projectKeys } from './project-keys.js';
export { replaceFile, tryReplaceFile } from './files/replace-file.js';
export { redactDeep } from './secrets/redact-deep.js';
export {
  heldBack,
  isSecretName,
  markSecret,
  markSecretNames,
  markSecretsIn,
  markSecretsOfShell,
  redact,
  redactBinary,
} from './secrets/secrets.js';
export type {
  Attachment,
  Attempt,
  AttemptStatus,
  FailureClass,
  Recovery,
  Rerun,
  SerializedError,
  StepResult,
  TestOutcome,
} from './run/attempt.js';
export type { ErrorCode, ErrorCodes } from './errors/error-code.js';
export type { ChaosErrorOptions } from './errors/errors.js';
export type { NumberRange } from './checks/check-range.js';
export type { ActiveFault, Fault, FaultMet, FaultWindow, InjectOptions } from './faults/fault.js';
export type { Incident } from './faults/incident.js';
export type { Journal, JournalEntry, UndoRecipe } from './faults/journal.js';
export type { Json } from './json.js';
export type { LinkDirection } from './faults/link-direction.js';
export type {
  ExperimentReport,
  LatencySummary,
  LoadArrivals,
  LoadReport,
  LoadResult,
  LoadTimeline,
} from './run/load-result.js';
export type { Outcome } from './errors/operation-error.js';
export type {
  HardwareProfile,
  LoadParameters,
  ProgramConfig,
  ProjectConfig,
  Provenance,
  ReadyCheck,
  ResolvedConfig,
  RetryPolicy,
  RunnerConfig,
  ExternalTarget,
  ServiceConfig,
  TargetConfig,
} from './resolved-config.js';
export type { EventOrigin, Reporter, RunEvent, RunStatus } from './run/run-event.js';
export type {
  CalibrationFacts,
  MachineFacts,
  OverloadVerdict,
  Sample,
  SampleScope,
  SampleSummary,
} from './run/sample.js';
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
} from './services/service-definition.js';
export type { SlotContext, SlotFixture, SlotFixtureReference } from './services/slot-fixture.js';
export type { DriverContext, DriverOperation, TargetDriver } from './services/target-driver.js';
export type { Annotation, Location, TestCase } from './run/test-case.js';
