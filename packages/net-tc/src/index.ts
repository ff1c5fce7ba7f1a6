export { apply } from './apply/apply.js';
export { createNamespace } from './kernel/create-namespace.js';
export { guardJournal } from './lease/guard.js';
export { healDevice } from './restore/restore-device.js';
export { openShaper } from './apply/shaper.js';
export { probeCapabilities } from './kernel/probe-capabilities.js';
export {
  commandThrough,
  docker,
  kubectl,
  local,
  namespaceOf,
  networkNamespace,
  ssh,
  withPrograms,
} from './executors/executor.js';
export { deviceFault } from './device-fault.js';
export { portMatches } from './fault/match.js';
export { formatPlan, plan } from './plan/plan.js';
export { ALL_CAPABILITIES } from './plan/tc-capabilities.js';
export { profileFaults, profiles } from './profiles.js';
export { describePlan } from './show/describe-plan.js';
export { show } from './show/show.js';
export { probe } from './verify/probe.js';
export { verify } from './verify/verify.js';
export { verifyLoopback } from './verify/verify-loopback.js';
export type { ActivePlan, ApplyOptions } from './apply/apply.js';
export type { Namespace } from './kernel/create-namespace.js';
export type { Lapse } from './lease/lease.js';
export type { RestoreData } from './restore/restore-data.js';
export type { Shaper, ShaperOptions } from './apply/shaper.js';
export type { DeviceFaultOptions } from './device-fault.js';
export type { Executor } from './executors/executor.js';
export type { Match, Ports } from './fault/match.js';
export type {
  BurstLoss,
  Delay,
  Distribution,
  NetworkFault,
  Partition,
  RandomLoss,
  Rate,
  Reorder,
  Share,
  Slot,
  StateLoss,
} from './fault/network-fault.js';
export type { Command } from './plan/commands/command.js';
export type { DeviceOptions } from './plan/device-options.js';
export type { Lease } from './plan/commands/nft-ruleset.js';
export type { TcPlan, TcSpec } from './plan/plan.js';
export type { TcCapabilities, TcCapability, TcCapabilityName } from './plan/tc-capabilities.js';
export type { NetworkProfile, ProfileName } from './profiles.js';
export type { ShownClass, ShownDevice } from './show/shown-device.js';
export type { ProbeOptions, ProbeResult } from './verify/probe.js';
export type { VerifyOptions } from './verify/verify.js';
export type { LoopbackOptions } from './verify/verify-loopback.js';
