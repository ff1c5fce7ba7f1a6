import { expect, test } from 'vitest';
import { ChaosError, isChaosError, UsageError } from './errors.js';

test('an error of another copy of the package is known by its mark, of one code by its code', () => {
  const foreign = Object.assign(new Error('elsewhere'), { isChaosError: true, code: 'PORT_TAKEN' });
  expect(isChaosError(foreign)).toBe(true);
  expect(isChaosError(foreign, 'PORT_TAKEN')).toBe(true);
  expect(isChaosError(new UsageError('no'), 'PORT_TAKEN')).toBe(false);
  expect(isChaosError(new Error('no'))).toBe(false);
});

test('a code that does not exist does not compile', () => {
  // @ts-expect-error: CAPABILITY_MISSING is meant
  expect(isChaosError(new UsageError('no'), 'CAPABILTY_MISSING')).toBe(false);
  // @ts-expect-error: there is no such code
  expect(new ChaosError('SOME_CODE', 'no').code).toBe('SOME_CODE');
});
