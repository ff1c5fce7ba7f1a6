import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `latency`. */
export interface LatencyOptions {
  /** Milliseconds. */
  readonly latencyMs: number;
  /** Default 0. Uniform: ± so much; else the standard deviation. */
  readonly jitterMs?: number;
  /** The distribution of the jitter; all but `uniform` are netem's tables. Default `uniform`. */
  readonly distribution?: 'uniform' | 'normal' | 'pareto' | 'paretonormal';
}

/** Delays each direction by the whole latency. The order is kept, whatever the jitter. */
export const latency: LinkFaultDefinition<LatencyOptions> = defineLinkFault({
  proxy: ({ latencyMs, jitterMs = 0, distribution = 'uniform' }, toxics) => ({
    toxic: toxics.latency({ latencyMs, jitterMs, distribution }),
  }),
  packets: ({ latencyMs, jitterMs = 0, distribution = 'uniform' }) => ({
    delay: { delayMs: latencyMs, jitterMs, distribution },
  }),
});
