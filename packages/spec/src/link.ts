import type { Fault } from './fault.js';

/** Which way bytes flow: `upstream` = from the client (the target) to the service, `downstream` = its answers. */
export type LinkDirection = 'upstream' | 'downstream';

/**
 * What every fault of a link can be told: one direction (default both), what breaks it where both could (default
 * `network.backend`), an end by itself, the share of connections (only `proxy`).
 */
export interface LinkFaultOptions {
  readonly direction?: LinkDirection;
  readonly backend?: 'proxy' | 'tc';
  readonly durationMs?: number;
  readonly toxicity?: number;
}

/**
 * The faults of a link with their options: of connections and byte streams, of packets (only `tc`), or of both kinds.
 */
export interface LinkFaults {
  /** Connections refused, live ones reset at once (default); or silence: what is sent vanishes, connections hang. */ cut: {
    readonly mode?: 'refuse' | 'blackhole';
  };
  /**
   * Each direction gets the whole latency. Jitter: by `distribution` (default uniform, ± `jitterMs`); order is kept.
   */
  latency: {
    readonly latencyMs: number;
    readonly jitterMs?: number;
    readonly distribution?: 'uniform' | 'normal' | 'pareto' | 'paretonormal';
  };
  bandwidth: { readonly rateBitsPerSecond: number };
  /** Live connections end once, by RST or by FIN; new ones are let through. Healing is a no-op. */ reset: object;
  hangUp: object;
  /**
   * Stream: connecting takes longer; silence, then the end; the end comes late; small pieces; the end after this many
   * bytes; down and up in turn.
   */
  connectDelay: { readonly delayMs: number };
  timeout: { readonly timeoutMs: number };
  slowClose: { readonly delayMs: number };
  slicer: { readonly averageBytes: number; readonly variationBytes?: number; readonly delayMs?: number };
  limitData: { readonly bytes: number };
  flap: { readonly upMs: number; readonly downMs: number };
  /**
   * Packets: the share that is hit, by chance or (loss) in bursts of this mean length (Gilbert-Elliott). Reordered ones
   * overtake others by `delayMs`.
   */
  loss: { readonly lossRatio: number; readonly burstPackets?: number };
  duplicate: { readonly duplicateRatio: number };
  reorder: { readonly reorderRatio: number; readonly delayMs: number };
  corrupt: { readonly corruptRatio: number };
}

/** A named connection between two parts of a slot, on which faults act: `link.latency({ latencyMs: 50 })`. */
export type Link = { readonly from: string; readonly to: string } & {
  readonly [Name in keyof LinkFaults]: (
    ...options: Partial<LinkFaults[Name]> extends LinkFaults[Name]
      ? [options?: LinkFaults[Name] & LinkFaultOptions]
      : [options: LinkFaults[Name] & LinkFaultOptions]
  ) => Fault;
};
