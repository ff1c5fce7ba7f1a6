import { expect, test } from 'vitest';
import { projectKeys } from './project-keys.js';

test('every project has a key of its own, and a name that is given once is it', () => {
  expect(projectKeys(['a', 'b'])).toEqual(['a', 'b']);
  expect(projectKeys(['a', 'a', 'b', 'a'])).toEqual(['a', 'a (2)', 'b', 'a (3)']);
  expect(projectKeys(['', '', ''])).toEqual(['', '(2)', '(3)']);
  expect(projectKeys(['a', 'a', 'a (2)'])).toEqual(['a', 'a (3)', 'a (2)']);
});

test('the order of projects with a number for a name survives an object', () => {
  for (const names of [
    ['z', '2', '1'],
    ['2', '2', '1'],
    ['project 1', '1', '1', '01'],
  ]) {
    const keys = projectKeys(names);
    expect(new Set(keys).size).toBe(names.length);
    expect(Object.keys(Object.fromEntries(keys.map((key) => [key, true])))).toEqual(keys);
  }
  expect(projectKeys(['z', '2', '1'])).toEqual(['z', 'project 2', 'project 1']);
});
