import type { GetLink } from '../fixtures/link.js';
import type { TestType } from '../test-type.js';
import type { ServiceNames } from './with-service.js';

/** Fixtures whose `link` knows further names. */
export type WithDependencies<F, Names extends string> = Omit<F, 'link'> & {
  /** A connection that can be broken; it knows the dependencies by their names. */
  readonly link: GetLink<ServiceNames<F> | Names>;
};

/**
 * The same `test`, whose `link` knows these dependencies of the configuration by their names. Types alone change.
 *
 * @example
 *   const test = withDependencies(base, 'payments', 'kafka');
 */
export function withDependencies<F extends object, const Names extends readonly string[]>(
  test: TestType<F>,
  ..._names: Names
): TestType<WithDependencies<F, Names[number]>> {
  return test as unknown as TestType<WithDependencies<F, Names[number]>>;
}
