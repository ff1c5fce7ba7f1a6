// API for definitions of services. The command and slots load these, too, so nothing of `test` is here.
export { activeFault, CapabilityMissing, EnvironmentError } from '@chaos/spec';
export { checkProgram, locateProgram, programCapability } from '@chaos/programs';
export { defineService, startProcess } from '@chaos/services/define';
export type { LocateProgramOptions, Program } from '@chaos/programs';
export type { SlotProcess, StartProcessOptions } from '@chaos/services/define';
export type {
  ActiveFault,
  Fault,
  Journal,
  Json,
  RunningService,
  ServiceAddress,
  ServiceCapability,
  ServiceCheck,
  ServiceContext,
  ServiceDefinition,
  ServiceFaults,
  ServiceHandle,
  ServiceMethods,
} from '@chaos/spec';
