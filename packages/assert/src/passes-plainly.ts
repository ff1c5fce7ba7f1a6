import type { Expect } from 'expect';

type Plain = readonly [parameters: number, passes: (actual: unknown, expected: unknown) => boolean];

const isNumeric = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
const compare = (passes: (actual: number | bigint, expected: number | bigint) => boolean): Plain => [
  1,
  (actual, expected) => isNumeric(actual) && isNumeric(expected) && passes(actual, expected),
];
const same: Plain = [
  1,
  (actual, expected) =>
    (typeof actual !== 'object' || actual === null) && typeof actual !== 'function' && Object.is(actual, expected),
];

// Matchers that the value alone may prove to pass. Jest judges and describes all other cases.
const PLAIN: Map<PropertyKey, Plain> = new Map([
  ['toBe', [1, Object.is]],
  ['toEqual', same],
  ['toStrictEqual', same],
  ['toBeTruthy', [0, Boolean]],
  ['toBeFalsy', [0, (actual) => !actual]],
  ['toBeDefined', [0, (actual) => actual !== undefined]],
  ['toBeUndefined', [0, (actual) => actual === undefined]],
  ['toBeNull', [0, (actual) => actual === null]],
  ['toBeGreaterThan', compare((actual, expected) => actual > expected)],
  ['toBeGreaterThanOrEqual', compare((actual, expected) => actual >= expected)],
  ['toBeLessThan', compare((actual, expected) => actual < expected)],
  ['toBeLessThanOrEqual', compare((actual, expected) => actual <= expected)],
] satisfies readonly (readonly [string, Plain])[]);

let passed = 0;

/** True for a matcher that {@link passesPlainly} knows. */
export function isPlain(matcher: PropertyKey): boolean {
  return PLAIN.has(matcher);
}

/**
 * True if a value certainly passes a matcher. Decided without Jest, because loading it takes longer than most tests,
 * and so does each of its assertions.
 */
export function passesPlainly(matcher: PropertyKey, actual: unknown, args: readonly unknown[]): boolean {
  const plain = PLAIN.get(matcher);
  if (plain === undefined || plain[0] !== args.length || !plain[1](actual, args[0])) return false;
  passed += 1;
  return true;
}

/** Somebody means another thing by these matchers: from now on Jest is asked always. */
export function judgeByJest(matchers: readonly string[]): void {
  for (const matcher of matchers) PLAIN.delete(matcher);
}

/** Jest's counts of assertions take in those that it has not seen. */
export function countPassed(expect: Pick<Expect, 'getState' | 'setState'>): void {
  const { assertionCalls, numPassingAsserts } = expect.getState();
  expect.setState({ assertionCalls: assertionCalls + passed, numPassingAsserts: numPassingAsserts + passed });
  passed = 0;
}
