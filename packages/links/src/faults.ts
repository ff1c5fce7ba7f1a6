export { faultTitle } from './fault-title.js';
export { linkOf } from './link.js';
export { LINK_FAULTS } from './link-faults.js';
export type { LinkFaultDefinition, PacketEffect, ProxyEffect, Toxics } from './define-link-fault.js';
export type { Link, LinkEnds, LinkFaultName, LinkFaultOptions, LinkFaults } from './link.js';
export type { LinkFaultDefinitions } from './link-faults.js';
