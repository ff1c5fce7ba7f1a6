import { expect, test } from 'vitest';
import { printable, printableLine, printableOutput } from './printable.js';

const ESC = '\u001B';

test.each([
  ['colours and the cursor', `a${ESC}[31mb${ESC}[2J${ESC}[Hc`, 'abc'],
  [
    'titles, links, the clipboard',
    `a${ESC}]0;owned\u0007b${ESC}]8;;http://x${ESC}\\c${ESC}]52;c;ZXZpbA==\u0007d`,
    'abcd',
  ],
  ['a sequence without an end', `a${ESC}]0;never ends`, 'a'],
  ['sequences of one byte (C1)', 'a\u009B31mb\u009D0;x\u0007c', 'abc'],
  ['device control, a reset', `a${ESC}P1;2q${ESC}\\b${ESC}cc`, 'abc'],
  ['single controls', 'a\u0008\u0000\u0007\u007F\u0085', 'a\\x08\\x00\\x07\\x7f\\x85'],
  ['what turns a line around', 'a\u202Eb\u2066c\u061C\u2028', 'a\\u202eb\\u2066c\\u061c\\u2028'],
  ['a return to the left', 'wrong\rright', 'wrong\\rright'],
  ['lines', 'a\nb', 'a\\nb'],
  ['commands of GitHub', '::error file=x::y', '\\::error file=x::y'],
  ['commands within a line', 'x ##[error]y ##vso[task]z', 'x #\\#[error]y #\\#vso[task]z'],
  ['nothing', 'ä → 漢字 👩‍👩‍👧 ## a::b', 'ä → 漢字 👩‍👩‍👧 ## a::b'],
])('a line is without %s', (_, text, shown) => expect(printableLine(text)).toBe(shown));

test('text keeps its lines and tabs, and none of them is a command', () => {
  expect(printable('a\r\n\t::error::x\n  ::stop-commands::y\nb\rc')).toBe(
    'a\n\t\\::error::x\n  \\::stop-commands::y\nb\\rc',
  );
});

test('what a program printed keeps its colours alone', () => {
  expect(printableOutput(`${ESC}[1;31mred${ESC}[0m${ESC}[2J${ESC}[3A ${ESC}`)).toBe(`${ESC}[1;31mred${ESC}[0m \\x1b`);
});
