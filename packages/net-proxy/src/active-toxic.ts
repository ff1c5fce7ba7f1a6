import type { LinkDirection } from '@chaos/spec';
import type { Toxic } from './toxic.js';

/** When a toxic acts. Times count from when it was added. */
export interface Schedule {
  /** It begins to act so late. Default 0. */
  readonly startMs?: number;
  /** It acts for this long, then pauses for `offMs`, and so on. Default: without a pause. */
  readonly onMs?: number;
  readonly offMs?: number;
}

/** How a toxic is added. */
export interface AddOptions {
  /** Default both. */
  readonly direction?: LinkDirection | undefined;
  /** Share of connections that it acts on, 0 to 1, decided once per connection from the seed. Default 1. */
  readonly toxicity?: number;
  /** It removes itself after so long. Default: never. */
  readonly durationMs?: number;
  readonly schedule?: Schedule;
  /** Names its stream of random choices, so that these do not depend on what was added before. Default: its number. */
  readonly name?: string;
}

/** A toxic that is in force on a proxy. */
export interface ActiveToxic extends AsyncDisposable {
  /** Counts from 1 on each proxy. */
  readonly id: number;
  readonly toxic: Toxic;
  readonly directions: readonly LinkDirection[];
  readonly toxicity: number;
  /** Whether it acts now: not while its schedule pauses. */
  readonly on: boolean;
  /**
   * Changes it in place, on live connections too, before it returns: its turn in the chain, its random choices and its
   * counts go on.
   */
  update(toxic: Toxic, options?: { readonly toxicity?: number }): void;
  /**
   * Takes it away, from live connections too; resolves when the proxy is as it would be without it. Twice is harmless.
   * Throws `ChaosError` `PORT_TAKEN` when the proxy cannot listen again; a further call tries again.
   */
  remove(): Promise<void>;
}
