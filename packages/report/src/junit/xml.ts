import { printable } from '@chaos/spec';
import { plain } from '../output/plain.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** ` name="value"` for each that is not `undefined`. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      value === undefined
        ? ''
        : ` ${name}="${shown(String(value)).replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character]!)}"`,
    )
    .join('');
}

/** Text as character data. */
export function cdata(text: string): string {
  return `<![CDATA[${shown(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

// A report may go to the terminal or the log of a CI system. What no XML can hold goes first: without it, the rest may
// read as a command.
function shown(text: string): string {
  return printable(plain(text));
}
