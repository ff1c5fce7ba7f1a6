import type { LinkDirection } from '@chaos/spec';
import type { Toxic } from './toxic.js';

/** Times at which a toxic acts, counted from the moment it was added. */
export interface Schedule {
  /** Delay before it starts to act. Default 0. */
  readonly startMs?: number;
  /** It acts for this long, pauses for `offMs`, and repeats. Default: without a pause. */
  readonly onMs?: number;
  readonly offMs?: number;
}

/** Options for adding a toxic. */
export interface AddOptions {
  /** Default both. */
  readonly direction?: LinkDirection | undefined;
  /** Share of connections that it acts on, 0 to 1, decided once per connection from the seed. Default 1. */
  readonly toxicity?: number;
  /** Removes itself after this time. Default: never. */
  readonly durationMs?: number;
  readonly schedule?: Schedule;
  /** Name of its random stream, so that its choices do not depend on toxics added before. Default: its number. */
  readonly name?: string;
}

/** A toxic that is in force on a proxy. */
export interface ActiveToxic extends AsyncDisposable {
  /** Counts from 1 on each proxy. */
  readonly id: number;
  readonly toxic: Toxic;
  readonly directions: readonly LinkDirection[];
  readonly toxicity: number;
  /** True while it acts; false while its schedule pauses. */
  readonly on: boolean;
  /**
   * Changes it in place, on live connections too, before it returns. It keeps its place in the chain, its random stream
   * and its counts.
   */
  update(toxic: Toxic, options?: { readonly toxicity?: number }): void;
  /**
   * Removes it, from live connections too; resolves when the proxy works as it would without it. A second call does
   * nothing. Throws `ChaosError` `PORT_TAKEN` when the proxy cannot listen again; a further call tries again.
   */
  remove(): Promise<void>;
}
