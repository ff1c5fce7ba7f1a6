import { expect, it } from 'vitest';
import { splitCommand } from './split-command.js';

it.each([
  ['node server.js', ['node', 'server.js']],
  ['  a   "b c"\'d\' "" ', ['a', 'b cd', '']],
  ['a "b', undefined],
  ['', []],
])('splitCommand(%j)', (text, words) => {
  expect(splitCommand(text)).toEqual(words);
});
