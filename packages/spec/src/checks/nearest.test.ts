import { expect, it } from 'vitest';
import { nearest } from './nearest.js';

it.each([
  ['concurent_requests', 'concurrent_requests'],
  ['timeout', 'timeout_seconds'],
  ['retyr_attempts', 'retry_attempts'],
  ['TimeoutSeconds', 'timeout_seconds'],
  ['banana', undefined],
])('nearest(%j) is %j', (word, candidate) => {
  expect(nearest(word, ['concurrent_requests', 'timeout_seconds', 'retry_attempts'])).toBe(candidate);
});
