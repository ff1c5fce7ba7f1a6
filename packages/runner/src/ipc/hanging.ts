/**
 * Under this key of `globalThis` a worker has a function that gives a {@link Hanging}: who stops a blocked one with the
 * inspector can ask.
 */
export const HANGING = '@chaos/runner/hanging';

/** What a worker says of the phase under way, as if its time were up. */
export interface Hanging {
  readonly message: string;
  readonly hint: string;
}
