import type { GetLink } from '../fixtures/link.js';
import type { Targets } from '../fixtures/target/targets.js';
import type { TestType } from '../test-type.js';
import type { ServiceNames } from './with-service.js';

/** Fixtures that know several programs under test by their names. */
export type WithTargets<F, Names extends string> = Omit<F, 'link' | 'targets'> & {
  /** A connection that can be broken; it knows the programs by their names. */
  readonly link: GetLink<ServiceNames<F>, Names>;
  /** The programs under test, by name. */
  readonly targets: Targets<Names>;
};

/**
 * The same `test`, whose `targets` and `link` know these programs of the configuration by their names. Types alone
 * change.
 *
 * @example
 *   const test = withTargets(base, 'api', 'worker');
 */
export function withTargets<F extends object, const Names extends readonly string[]>(
  test: TestType<F>,
  ..._names: Names
): TestType<WithTargets<F, Names[number]>> {
  return test as unknown as TestType<WithTargets<F, Names[number]>>;
}
