/** Messages to the sampler's thread. */
export type SamplerCommand =
  | { readonly type: 'watch'; readonly scope: number; readonly pid: number }
  | { readonly type: 'unwatch'; readonly scope: number };

/** First message from the thread. After it, only `samples` is sent, when there are new ones. */
export interface SamplerReady {
  /** CPUs that this process may use. */
  readonly cpus: number;
}

/** Number of the scope `host`; other scopes are numbered in order. */
export const HOST_SCOPE = 0;
