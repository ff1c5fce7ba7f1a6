export { FleetRemote } from './coordinator/fleet-remote.js';
export { runAgent } from './agent/agent.js';
export { sealWith } from './trust/seal.js';
export { startLocalFleet } from './local/start-local-fleet.js';
export type { AgentCheckout, AgentOptions } from './agent/agent-options.js';
export type { FleetOptions } from './coordinator/fleet-options.js';
export type { LocalFleet, LocalFleetOptions } from './local/start-local-fleet.js';
export type { Seal } from './trust/seal.js';
export type { RunSettings } from './protocol/messages.js';
