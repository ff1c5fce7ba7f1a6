import type * as NetProxy from '@chaos/net-proxy';
import type { NetworkFault } from '@chaos/net-tc';

/** The toxic by which a proxy makes a fault, and the schedule of one that comes and goes. */
export interface ProxyEffect {
  readonly toxic: NetProxy.Toxic;
  readonly schedule?: NonNullable<NetProxy.AddOptions['schedule']>;
}

/** The effects on packets by which the kernel makes a fault, in each of its directions. */
export type PacketEffect = Omit<NetworkFault, 'match' | 'exclude' | 'direction'>;

/** The toxics of `@chaos/net-proxy`, handed in: a test file that names faults loads no proxy. */
export type Toxics = typeof NetProxy;

/**
 * One fault of a link: all that the rest of the product knows of it. `proxy`, `packets` and `http` return nothing, or
 * are absent, for what they cannot make; they throw `TypeError` or `RangeError`, which print the value, for options
 * that make no sense. See CREATING-FAULTS.md.
 */
export interface LinkFaultDefinition<Options extends object> {
  /** True where it is made of whole connections, which have no direction. */
  readonly wholeConnections?: (options: Options) => boolean;
  /**
   * True where it keeps connections from reaching the proxy, which then cannot count them: by refusing, or by losing
   * their first packet. Default: never.
   */
  readonly hides?: (options: Options, backend: 'proxy' | 'packets') => boolean;
  readonly proxy?: (options: Options, toxics: Toxics) => ProxyEffect | undefined;
  readonly packets?: (options: Options) => PacketEffect | undefined;
  /** How a proxy that reads HTTP changes answers; such a fault has no direction, and its `toxicity` is of requests. */
  readonly http?: (options: Options, toxics: Toxics) => NetProxy.HttpToxic;
}

/** Defines a fault of a link; its name is that of its export. */
export function defineLinkFault<Options extends object>(
  definition: LinkFaultDefinition<Options>,
): LinkFaultDefinition<Options> {
  return definition;
}
