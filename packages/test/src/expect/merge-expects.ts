import { inspect } from 'node:util';
import type { ChaosExpect } from '@chaos/assert';
import { expect } from './expect.js';

/** The types of several `expect`s together. */
export type MergedExpect<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * One `expect` with the matchers of several, as in Playwright. Matchers belong to every `expect` once they are added,
 * so the result only joins their types, with the defaults of the plain `expect`.
 *
 * @throws TypeError for a value that is no `expect`
 */
export function mergeExpects<const E extends readonly ChaosExpect[]>(...expects: E): MergedExpect<E[number]> {
  for (const each of expects) {
    if (typeof each !== 'function' || typeof each.extend !== 'function')
      throw new TypeError(`Cannot merge a value that is not an expect: received ${inspect(each, { depth: 0 })}`);
  }
  return expect as MergedExpect<E[number]>;
}
