import type { Location } from '@chaos/spec';

/** The fixtures of one `test.extend` or `test.use`, as written. */
export interface FixtureList {
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly location: Location;
  /** `extend` may add, `use` only sets what exists, and `config` only what is an option. */
  readonly kind: 'extend' | 'use' | 'config';
}
