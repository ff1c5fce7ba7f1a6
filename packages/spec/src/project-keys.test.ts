import { expect, test } from 'vitest';
import { projectKeys } from './project-keys.js';

test('every project has a key of its own, and a name that is given once is it', () => {
  expect(projectKeys(['a', 'b'])).toEqual(['a', 'b']);
  expect(projectKeys(['a', 'a', 'b', 'a'])).toEqual(['a', 'a (2)', 'b', 'a (3)']);
  expect(projectKeys(['', '', ''])).toEqual(['', '(2)', '(3)']);
  expect(projectKeys(['a', 'a', 'a (2)'])).toEqual(['a', 'a (3)', 'a (2)']);
});
