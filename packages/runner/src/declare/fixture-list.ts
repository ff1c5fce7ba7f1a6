import type { Location } from '@chaos/spec';

/** The fixtures of one `test.extend` or `test.use`, as written. */
export interface FixtureList {
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly location: Location;
  /** `extend` may add fixtures, `use` only sets existing ones, and `config` only sets options. */
  readonly kind: 'extend' | 'use' | 'config';
}
