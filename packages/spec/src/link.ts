import type { Fault } from './fault.js';

/** Which way bytes flow: `upstream` = from the client (the target) to the service, `downstream` = its answers. */
export type LinkDirection = 'upstream' | 'downstream';

/** How a cut shows: connections refused and reset at once, or silence (packets vanish, connections hang). */
export type CutMode = 'refuse' | 'blackhole';

/** Options of {@link Link.cut}. */
export interface CutOptions {
  /** Default `refuse`. */ readonly mode?: CutMode;
  /** Default both. Only with `blackhole`: a refused connection has no direction. */ readonly direction?: LinkDirection;
}

/** Options of {@link Link.latency}. */
export interface LatencyOptions {
  readonly latencyMs: number;
  /** Uniform, ± this. Default 0. Order is kept. */ readonly jitterMs?: number;
  /** Default both; each direction then gets the whole latency. */ readonly direction?: LinkDirection;
}

/** A named connection between two parts of a slot, on which faults act. */
export interface Link {
  readonly from: string; readonly to: string;
  cut(options?: CutOptions): Fault;
  latency(options: LatencyOptions): Fault;
  /** Resets (RST) every live connection once; new ones are let through. Healing is a no-op. */ reset(): Fault;
}
