/**
 * Key of `globalThis` under which a worker has a function that returns a {@link Hanging}: main calls it through the
 * inspector when the worker is blocked.
 */
export const HANGING = '@chaos/runner/hanging';

/** A worker's description of the current phase, as if it had just timed out. */
export interface Hanging {
  readonly message: string;
  readonly hint: string;
}
