import { show } from '../transactions/show.js';

// PostgreSQL has no such character; its text cannot hold one.
const NOT_IN_TEXT = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
const NEEDS_ESCAPE = /[^\x20-\x5b\x5d-\x7e]/gu;

/**
 * A value as a string literal of PostgreSQL, in printable ASCII only. psql reads such a literal the same with any
 * client encoding and any `standard_conforming_strings`, so no value can end its literal or start a command of psql.
 * A character that PostgreSQL cannot hold (NUL, half of a pair) is written out as `\uXXXX`.
 */
export function sqlLiteral(value: unknown): string {
  const text = textOf(value).replace(NOT_IN_TEXT, unicode);
  if (PLAIN.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return `E'${text.replaceAll("'", "''").replace(NEEDS_ESCAPE, (character) => (character === '\\' ? '\\\\' : unicode(character)))}'`;
}

/** A text for a comment of a script: on one line, whatever is in it, and in printable ASCII. */
export function sqlComment(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, unicode);
}

/** An array as PostgreSQL prints it: elements are quoted where they have to be. */
export function sqlArray(list: readonly unknown[]): string {
  const elements = list.map((element) => {
    const text = textOf(element);
    return text === '' || /[{},"\\\s]/.test(text) || text.toUpperCase() === 'NULL'
      ? `"${text.replace(/["\\]/g, '\\$&')}"`
      : text;
  });
  return `{${elements.join(',')}}`;
}

/** A key or a value as the text that a script stores. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? show(value) : String(value as string | number);
}

function unicode(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
