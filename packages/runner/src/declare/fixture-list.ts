import type { Location } from '@chaos/spec';

/** The fixtures of one `test.extend` or `test.use`, as written. */
export interface FixtureList {
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly location: Location;
  /** `use` only sets what exists; `extend` may add. */
  readonly kind: 'extend' | 'use';
}
