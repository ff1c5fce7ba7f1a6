import type { LinkDirection } from '@chaos/spec';
import type { Toxic } from './toxic.js';

/** A toxic that is in force on a proxy. */
export interface ActiveToxic extends AsyncDisposable {
  /** Counts from 1 on each proxy. */
  readonly id: number;
  readonly toxic: Toxic;
  readonly directions: readonly LinkDirection[];
  /**
   * Takes it away, from live connections too; resolves when the proxy is as it would be without it. Twice is harmless.
   * Throws `ChaosError` `PORT_TAKEN` when the proxy cannot listen again; a further call tries again.
   */
  remove(): Promise<void>;
}
