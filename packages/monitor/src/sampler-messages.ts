/** To the sampler's thread. */
export type SamplerCommand =
  | { readonly type: 'watch'; readonly scope: number; readonly pid: number }
  | { readonly type: 'unwatch'; readonly scope: number };

/** From it, once. Afterwards it only says `samples` when there are new ones. */
export interface SamplerReady {
  /** CPUs that we may run on. */
  readonly cpus: number;
}

/** The number of the scope `host`; the others are given out in order. */
export const HOST_SCOPE = 0;
