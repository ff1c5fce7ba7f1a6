import type { Attempt, SerializedError } from '@chaos/spec';
import { expect, test } from 'vitest';
import { failureClassOf } from './failure-class.js';

const failed = (...errors: SerializedError[]): Pick<Attempt, 'status' | 'errors'> => ({ status: 'failed', errors });

test('an attempt that did not fail has no class', () => {
  expect(failureClassOf({ status: 'passed', errors: [] })).toBeUndefined();
  expect(failureClassOf({ status: 'skipped', errors: [] })).toBeUndefined();
});

test('wrong data has precedence over everything else', () => {
  const wrong: SerializedError = { code: 'INVARIANT_VIOLATION', invariant: true };
  for (const status of ['failed', 'timedOut', 'interrupted'] as const)
    expect(failureClassOf({ status, errors: [{ code: 'TARGET_EXITED' }, wrong] })).toBe('invariant');
});

test('the status decides where no error says more', () => {
  expect(failureClassOf({ status: 'timedOut', errors: [{ message: 'Test timeout of 5ms exceeded.' }] })).toBe(
    'timeout',
  );
  expect(failureClassOf({ status: 'timedOut', errors: [{ code: 'WORKER_LOST' }] })).toBe('worker');
  expect(failureClassOf({ status: 'interrupted', errors: [{ code: 'TARGET_EXITED' }] })).toBe('interrupted');
  expect(failureClassOf(failed())).toBe('error');
});

test.each<[SerializedError, string]>([
  [{ code: 'TARGET_EXITED' }, 'target'],
  [{ code: 'OPERATION' }, 'operation'],
  [{ code: 'FAULT_LAPSED' }, 'fault'],
  [{ code: 'SLOT_LOST' }, 'environment'],
  [{ code: 'NOT_AWAITED' }, 'test'],
  [{ code: 'ENOSPC' }, 'environment'],
  [{ name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNREFUSED' } }, 'operation'],
  [{ code: '40P01', message: 'deadlock detected' }, 'operation'],
  [{ code: 'EPERM' }, 'error'],
  [{ name: 'ReplyError', message: 'LOADING Redis is loading' }, 'operation'],
  [{ name: 'AssertionError', message: 'expected 1 to be 2' }, 'assertion'],
  [{ message: 'Expected to fail, but passed.' }, 'assertion'],
  [{ name: 'TimeoutError', message: 'The operation was aborted due to timeout' }, 'timeout'],
  [{ name: 'TypeError', message: 'x is not a function' }, 'error'],
  [{ value: '7' }, 'error'],
])('%j', (error, expected) => {
  expect(failureClassOf(failed(error, { code: 'USAGE' }))).toBe(expected);
});
