import type { Fault, LinkDirection } from '@chaos/spec';
import type { LinkFaultDefinition } from './define-link-fault.js';
import { LINK_FAULTS, type LinkFaultDefinitions } from './link-faults.js';

/** The name of a fault of a link. */
export type LinkFaultName = keyof LinkFaultDefinitions;

type OptionsOf<Definition> = Definition extends LinkFaultDefinition<infer Options> ? Options : never;

/** The faults of a link with their own options. */
export type LinkFaults = { [Name in keyof LinkFaultDefinitions]: OptionsOf<LinkFaultDefinitions[Name]> };

/** Options that every fault of a link has. */
export interface LinkFaultOptions {
  /** `upstream`: towards the service, `downstream`: its answers. Default both. */
  readonly direction?: LinkDirection;
  /** The backend for this fault alone: the proxy, or the packets of the kernel. Default `network.backend`. */
  readonly backend?: 'proxy' | 'tc';
  /** The fault ends by itself after so long. */
  readonly durationMs?: number;
  /** The share of the connections, or of HTTP's requests, that it acts on, 0 to 1; only by the proxy. Default 1. */
  readonly toxicity?: number;
}

/** The two ends of a link. */
export interface LinkEnds {
  /** The end that connects: `client` or `target`. */
  readonly from: string;
  /** The end that is connected to: `target` or a service. */
  readonly to: string;
}

/** A named connection between two parts, on which faults act: `link.latency({ latencyMs: 50 })`. */
export type Link = LinkEnds & {
  readonly [Name in keyof LinkFaultDefinitions]: (
    ...options: Partial<LinkFaults[Name]> extends LinkFaults[Name]
      ? [options?: LinkFaults[Name] & LinkFaultOptions]
      : [options: LinkFaults[Name] & LinkFaultOptions]
  ) => Fault;
};

/** The definition of a fault, for options that are not known by type. */
export function definitionOf(name: LinkFaultName): LinkFaultDefinition<object> {
  return LINK_FAULTS[name] as unknown as LinkFaultDefinition<object>;
}

/** A link with a method for every fault, each made by `make`. */
export function linkOf(ends: LinkEnds, make: (name: LinkFaultName, options: object) => Fault): Link {
  const methods = Object.keys(LINK_FAULTS).map((name) => [
    name,
    (options: object = {}) => make(name as LinkFaultName, options),
  ]);
  return { ...ends, ...(Object.fromEntries(methods) as Omit<Link, keyof LinkEnds>) };
}
